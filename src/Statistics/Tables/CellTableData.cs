using System.Text;
using System.Text.Json;

namespace Orchestrator.Statistics.Tables;

/// <summary>
/// A sweep's table for programs: full precision, nothing rounded, empty or null where nothing can
/// be said.
/// </summary>
internal static class CellTableData
{
    private static readonly string[] Columns =
    [
        "n", "mean", "sd", "low95", "high95", "median", "iqm", "min", "max", "runs", "nc", "nc_share", "nc_low95", "nc_high95", "missing",
    ];

    private static readonly string[] PublishedColumns = ["published", "published_n", "published_nc", "difference", "difference_low95", "difference_high95", "p_holm", "verdict"];

    public static string Csv(CellTable table)
    {
        var published = table.Rows.Any(r => r.Published is not null);
        var text = new StringBuilder(Tables.Csv.Line([.. table.Axes, .. Columns, .. published ? PublishedColumns : []]));
        foreach (var row in table.Rows)
        {
            var s = row.Summary;
            var nc = s.NoConvergence;
            double?[] numbers = [s.Mean, s.StandardDeviation, s.Interval?.Low, s.Interval?.High, s.Median, s.InterquartileMean, s.Range?.Low, s.Range?.High];
            text.Append(Tables.Csv.Line([
                .. row.Values,
                Tables.Csv.Whole(s.N),
                .. numbers.Select(Tables.Csv.Number),
                Tables.Csv.Whole(nc.Of), Tables.Csv.Whole(nc.Count), Tables.Csv.Number(nc.Share), Tables.Csv.Number(nc.Interval.Low), Tables.Csv.Number(nc.Interval.High),
                Tables.Csv.Whole(row.Missing),
                .. published ? Published(row.Published) : [],
            ]));
        }

        return text.ToString();
    }

    public static string Json(CellTable table) => Tables.Json.Write(json =>
    {
        json.WriteString("metric", table.Metric.Name);
        json.WriteString("unit", table.Metric.Unit);
        json.WriteString("caption", table.Caption);
        json.Strings("axes", table.Axes);
        if (table.AveragedOver.Count > 0)
        {
            json.Strings("averagedOver", table.AveragedOver);
        }

        json.Objects("cells", table.Rows, row => Cell(json, table, row));
    });

    private static IEnumerable<string> Published(PublishedComparison? comparison) => comparison is { Published: var published }
        ? [
            published.Value is { } value ? Tables.Csv.Number(value) : "NC",
            Tables.Csv.Whole(published.Value is null ? 0 : published.N),
            Tables.Csv.Whole(published.Value is null ? published.N : published.WithoutConvergence),
            Tables.Csv.Number(comparison.Difference), Tables.Csv.Number(comparison.Interval?.Low), Tables.Csv.Number(comparison.Interval?.High),
            Tables.Csv.Number(comparison.AdjustedP),
            PublishedWords.Key(comparison.Verdict),
        ]
        : Enumerable.Repeat("", PublishedColumns.Length);

    private static void Cell(Utf8JsonWriter json, CellTable table, TableRow row)
    {
        var s = row.Summary;
        json.Object("values", () =>
        {
            foreach (var (axis, value) in table.Axes.Zip(row.Values))
            {
                json.WriteString(axis, value);
            }
        });
        json.WriteNumber("n", s.N);
        json.Number("mean", s.Mean);
        json.Number("sd", s.StandardDeviation);
        json.Interval("interval95", s.Interval);
        json.Number("median", s.Median);
        json.Number("iqm", s.InterquartileMean);
        json.Interval("range", s.Range);
        json.Object("noConvergence", () =>
        {
            json.WriteNumber("count", s.NoConvergence.Count);
            json.WriteNumber("of", s.NoConvergence.Of);
            json.Number("share", s.NoConvergence.Share);
            json.Interval("interval95", s.NoConvergence.Interval);
        });
        json.WriteNumber("missing", row.Missing);
        if (row.Published is { } published)
        {
            json.Object("published", () =>
            {
                json.Number("value", published.Published.Value);
                json.WriteNumber("n", published.Published.Value is null ? 0 : published.Published.N);
                json.WriteNumber("noConvergence", published.Published.Value is null ? published.Published.N : published.Published.WithoutConvergence);
                json.Number("difference", published.Difference);
                json.Interval("interval95", published.Interval);
                json.Number("adjustedP", published.AdjustedP);
                json.WriteString("verdict", PublishedWords.Key(published.Verdict));
                json.Number("publishedRunsNeeded", published.PublishedRunsNeeded);
            });
        }
    }
}
