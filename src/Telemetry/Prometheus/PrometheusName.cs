using System.Text;

namespace Orchestrator.Telemetry;

/// <summary>Names of OpenTelemetry as Prometheus wants them.</summary>
internal static class PrometheusName
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["By"] = "bytes",
        ["%"] = "percent",
    };

    /// <param name="name">The instrument's.</param>
    /// <param name="unit">UCUM; annotations in braces say nothing here.</param>
    /// <param name="kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    public static string Of(string name, string unit, string kind)
    {
        var full = Label(name);
        var word = Word(unit, kind);
        if (word.Length > 0 && !full.EndsWith("_" + word, StringComparison.Ordinal))
        {
            full += "_" + word;
        }

        return kind == "counter" ? full + "_total" : full;
    }

    /// <summary>A label's name.</summary>
    public static string Label(string name)
    {
        var label = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            label.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        return label.ToString();
    }

    private static string Word(string unit, string kind)
    {
        var open = unit.IndexOf('{');
        var close = unit.IndexOf('}');
        var plain = open >= 0 && close > open ? unit.Remove(open, close - open + 1) : unit;
        if (plain == "1")
        {
            return kind == "gauge" ? "ratio" : "";
        }

        return plain == "/s" ? "per_second" : Units.GetValueOrDefault(plain, "");
    }
}
