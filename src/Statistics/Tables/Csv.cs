using System.Globalization;

namespace Orchestrator.Statistics.Tables;

/// <summary>
/// Comma-separated values (RFC 4180), with a decimal point whatever the machine's culture; empty
/// where there is no number.
/// </summary>
internal static class Csv
{
    public static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote)) + "\n";

    public static string Number(double? value) => value is { } number && double.IsFinite(number) ? Numbers.Exact(number) : "";

    public static string Whole(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
