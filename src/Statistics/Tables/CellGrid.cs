namespace Orchestrator.Statistics.Tables;

/// <summary>A sweep's table as texts.</summary>
internal static class CellGrid
{
    // A published value of more characters is a mean that somebody computed.
    private const int LongestOwn = 7;

    public static Grid Of(CellTable table)
    {
        var decimals = Decimals(table);
        var names = AxisNames.Short(table.Axes);
        var published = table.Rows.Any(r => r.Published is not null);
        var missing = table.Rows.Any(r => r.Missing > 0);
        List<GridColumn> columns =
        [
            .. table.Axes.Select((axis, i) => new GridColumn(axis, ShortHeading: names[i])),
            new("n", true), new("mean", true), new("± 95 %", true, "±"), new("sd", true), new("NC", true),
        ];
        if (missing)
        {
            columns.Add(new("missing", true));
        }

        if (published)
        {
            columns.AddRange([new("published", true), new("difference", true, "diff"), new("verdict")]);
        }

        return new(columns, [.. table.Rows.Select(row => Cells(row, decimals, missing, published))], table.Caption);
    }

    public static int Decimals(CellTable table)
    {
        // Of one seed each there is no spread, and the means themselves say how fine they are.
        List<double?> spreads = [.. table.Rows.SelectMany(r => new[] { r.Summary.StandardDeviation, r.Summary.Interval?.HalfWidth })];
        return table.Metric.Decimals ?? Numbers.DecimalsFor(spreads.Exists(spread => spread > 0) ? spreads : table.Rows.Select(r => r.Summary.Mean));
    }

    private static string[] Cells(TableRow row, int decimals, bool missing, bool published)
    {
        var summary = row.Summary;
        var nc = summary.NoConvergence;
        List<string> cells =
        [
            .. row.Values,
            summary.N.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Numbers.Fixed(summary.Mean, decimals),
            Numbers.Fixed(summary.Interval?.HalfWidth, decimals),
            Numbers.Fixed(summary.StandardDeviation, decimals),
            nc.Count == 0 ? $"0/{nc.Of}" : $"{nc.Count}/{nc.Of} ({Numbers.Percent(nc.Share)})",
        ];
        if (missing)
        {
            cells.Add(row.Missing.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (published)
        {
            cells.AddRange(row.Published is { } value
                ? [
                    Published(value.Published, decimals),
                    value.Difference is { } difference ? Numbers.Signed(difference, decimals) : Numbers.None,
                    PublishedWords.Of(value),
                ]
                : ["", "", ""]);
        }

        return [.. cells];
    }

    private static string Published(PublishedValue published, int decimals) => published switch
    {
        { Value: null } => "NC",
        { WithoutConvergence: > 0 } => $"{Number(published, decimals)} (NC {published.WithoutConvergence} of {published.N + published.WithoutConvergence})",
        _ => Number(published, decimals),
    };

    // In its own digits where it has few, as it was published.
    private static string Number(PublishedValue published, int decimals) => Numbers.Exact(published.Value!.Value) is var own && own.Contains('.', StringComparison.Ordinal) && own.Length <= LongestOwn
        ? Numbers.Fixed(published.Value, Math.Max(decimals, own.Length - 1 - own.IndexOf('.', StringComparison.Ordinal)))
        : Numbers.Fixed(published.Value, decimals);
}
