namespace Orchestrator.Telemetry;

/// <summary>
/// Headers of requests, from <c>OTEL_EXPORTER_OTLP_HEADERS</c>: <c>name=value,name=value</c>, where
/// %2C is a comma of a value. The exporter's own reading takes that comma for one between headers,
/// and ends the process where a part is no header.
/// </summary>
internal static class OtlpHeaders
{
    // A part without a name may be a secret that lacks one.
    private const int LongestQuote = 8;

    /// <summary>The headers for a signal; what is none is warned about and left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(string signal, OtelVariables environment)
    {
        if (environment.Otlp(signal, "HEADERS") is not { } variable)
        {
            return [];
        }

        List<(string, string)> headers = [];
        foreach (var part in variable.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            var name = Uri.UnescapeDataString(part[..Math.Max(0, equals)].Trim());
            var value = Uri.UnescapeDataString(part[(equals + 1)..].Trim());
            if (equals > 0 && IsHeader(name, value))
            {
                headers.Add((name, value));
                continue;
            }

            var shown = equals > 0 ? name + "=..." : part.Length <= LongestQuote ? part : part[..LongestQuote] + "...";
            environment.Warn(variable.Name, shown, "name=value, several with a comma between them: a name of letters, digits and hyphens, a value of ASCII characters, percent-encoded where it holds a comma");
        }

        return headers;
    }

    private static bool IsHeader(string name, string value)
    {
        using var request = new HttpRequestMessage();
        return value.All(c => c is '\t' or (>= ' ' and <= '~')) && request.Headers.TryAddWithoutValidation(name, value);
    }
}
