using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Statistics.Tables;

/// <summary>A sweep's table for programs: full precision, nothing rounded, empty or null where nothing can be said.</summary>
internal static class CellTableData
{
    private static readonly string[] Columns =
    [
        "n", "mean", "sd", "low95", "high95", "median", "iqm", "min", "max", "runs", "nc", "nc_share", "nc_low95", "nc_high95", "missing",
    ];

    private static readonly string[] PublishedColumns = ["published", "published_n", "difference", "difference_low95", "difference_high95", "p_holm", "verdict"];

    public static string Csv(CellTable table)
    {
        var published = table.Rows.Any(r => r.Published is not null);
        var text = new StringBuilder();
        text.AppendJoin(',', table.Axes.Concat(Columns).Concat(published ? PublishedColumns : []).Select(Quote)).Append('\n');
        foreach (var row in table.Rows)
        {
            var s = row.Summary;
            var nc = s.NoConvergence;
            List<string> cells =
            [
                .. row.Values,
                Whole(s.N), Number(s.Mean), Number(s.StandardDeviation), Number(s.Interval?.Low), Number(s.Interval?.High), Number(s.Median),
                Number(s.InterquartileMean), Number(s.Range?.Low), Number(s.Range?.High),
                Whole(nc.Of), Whole(nc.Count), Number(nc.Share), Number(nc.Interval.Low), Number(nc.Interval.High), Whole(row.Missing),
            ];
            if (published)
            {
                cells.AddRange(row.Published is { } p
                    ? [
                        p.Published.Value is { } value ? Number(value) : "NC", Whole(p.Published.N), Number(p.Difference),
                        Number(p.Interval?.Low), Number(p.Interval?.High), Number(p.AdjustedP), PublishedWords.Key(p.Verdict),
                    ]
                    : Enumerable.Repeat("", PublishedColumns.Length));
            }

            text.AppendJoin(',', cells.Select(Quote)).Append('\n');
        }

        return text.ToString();
    }

    public static string Json(CellTable table)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("metric", table.Metric.Name);
            json.WriteString("unit", table.Metric.Unit);
            json.WriteString("caption", table.Caption);
            json.WriteStartArray("axes");
            foreach (var axis in table.Axes)
            {
                json.WriteStringValue(axis);
            }

            json.WriteEndArray();
            json.WriteStartArray("cells");
            foreach (var row in table.Rows)
            {
                Cell(json, table, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Cell(Utf8JsonWriter json, CellTable table, TableRow row)
    {
        var s = row.Summary;
        json.WriteStartObject();
        json.WriteStartObject("values");
        foreach (var (axis, value) in table.Axes.Zip(row.Values))
        {
            json.WriteString(axis, value);
        }

        json.WriteEndObject();
        json.WriteNumber("n", s.N);
        json.Number("mean", s.Mean);
        json.Number("sd", s.StandardDeviation);
        json.Interval("interval95", s.Interval);
        json.Number("median", s.Median);
        json.Number("iqm", s.InterquartileMean);
        json.Interval("range", s.Range);
        json.WriteStartObject("noConvergence");
        json.WriteNumber("count", s.NoConvergence.Count);
        json.WriteNumber("of", s.NoConvergence.Of);
        json.Number("share", s.NoConvergence.Share);
        json.Interval("interval95", s.NoConvergence.Interval);
        json.WriteEndObject();
        json.WriteNumber("missing", row.Missing);
        if (row.Published is { } published)
        {
            json.WriteStartObject("published");
            json.Number("value", published.Published.Value);
            json.WriteNumber("n", published.Published.N);
            json.Number("difference", published.Difference);
            json.Interval("interval95", published.Interval);
            json.Number("adjustedP", published.AdjustedP);
            json.WriteString("verdict", PublishedWords.Key(published.Verdict));
            json.Number("publishedRunsNeeded", published.PublishedRunsNeeded);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? Numbers.Exact(number) : "";

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
