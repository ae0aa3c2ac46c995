using System.Globalization;

namespace Orchestrator.Telemetry;

/// <summary>
/// The standard variables of OpenTelemetry; an empty one counts as not set, and one whose value
/// means nothing is warned about and ignored.
/// </summary>
internal sealed class OtelVariables(Func<string, string?> variable)
{
    private const int LongestQuote = 120;

    private readonly List<string> warnings = [];

    public IReadOnlyList<string> Warnings => warnings;

    public string? this[string name] => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>
    /// The variable that holds for a signal, <c>OTEL_EXPORTER_OTLP_{SIGNAL}_{NAME}</c> or the
    /// general <c>OTEL_EXPORTER_OTLP_{NAME}</c>; null where neither is set.
    /// </summary>
    /// <param name="signal"><c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</param>
    /// <param name="name">What it is about: <c>HEADERS</c>, <c>CERTIFICATE</c>, ...</param>
    public (string Name, string Value)? Otlp(string signal, string name)
    {
        var (own, general) = ($"OTEL_EXPORTER_OTLP_{signal}_{name}", $"OTEL_EXPORTER_OTLP_{name}");
        return this[own] is { } value ? (own, value) : this[general] is { } shared ? (general, shared) : null;
    }

    public bool Flag(string name) => Word(name, "true", "false") == "true";

    /// <summary>
    /// <c>otlp</c>, <c>none</c>, or null when the variable of a signal says nothing.
    /// </summary>
    public string? Exporter(string signal) => Word($"OTEL_{signal}_EXPORTER", "otlp", "none");

    /// <summary>
    /// One of some words, whatever their case; null when the variable says none of them.
    /// </summary>
    public string? Word(string name, params ReadOnlySpan<string> allowed)
    {
        if (this[name] is not { } value)
        {
            return null;
        }

        foreach (var word in allowed)
        {
            if (string.Equals(word, value, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        Warn(name, value, string.Join(" or ", allowed));
        return null;
    }

    /// <param name="name">The variable.</param>
    /// <param name="least">The least that it may say.</param>
    /// <param name="otherwise">What holds when it says nothing.</param>
    /// <param name="most">The most that it may say.</param>
    public int Integer(string name, int least, int otherwise, int most = int.MaxValue)
    {
        if (this[name] is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Warn(name, text, FormattableString.Invariant($"a whole number from {least} to {most}"));
        return otherwise;
    }

    /// <param name="name">The variable.</param>
    /// <param name="value">What it says, or the part of it that means nothing.</param>
    /// <param name="allowed">What it may say.</param>
    public void Warn(string name, string value, string allowed)
    {
        var quoted = value.Length <= LongestQuote ? value : value[..LongestQuote] + "...";
        var warning = $"{name}: '{quoted}' is ignored; allowed is {allowed}";
        if (!warnings.Contains(warning))
        {
            warnings.Add(warning);
        }
    }
}
