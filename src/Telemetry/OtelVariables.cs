using System.Globalization;

namespace Orchestrator.Telemetry;

/// <summary>The standard variables of OpenTelemetry; an empty one counts as not set, and one whose value means nothing is warned about and ignored.</summary>
internal sealed class OtelVariables(Func<string, string?> variable)
{
    private readonly List<string> warnings = [];

    public IReadOnlyList<string> Warnings => warnings;

    public string? this[string name] => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    public bool Flag(string name) => string.Equals(this[name], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>otlp</c>, <c>none</c>, or null when the variable of a signal says nothing.</summary>
    public string? Exporter(string signal)
    {
        var name = $"OTEL_{signal}_EXPORTER";
        switch (this[name]?.ToLowerInvariant())
        {
            case null:
                return null;
            case "otlp":
                return "otlp";
            case "none":
                return "none";
            default:
                Warn(name, this[name]!, "otlp or none");
                return null;
        }
    }

    public int Integer(string name, int least, int otherwise)
    {
        if (this[name] is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least)
        {
            return value;
        }

        Warn(name, text, $"a whole number of at least {least}");
        return otherwise;
    }

    public void Warn(string name, string value, string allowed)
    {
        var warning = $"{name}: '{value}' is ignored; allowed is {allowed}";
        if (!warnings.Contains(warning))
        {
            warnings.Add(warning);
        }
    }
}
