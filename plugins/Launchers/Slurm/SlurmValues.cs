using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Launchers;

/// <summary>Times and sizes as Slurm writes them.</summary>
internal static partial class SlurmValues
{
    /// <summary>Minutes, M:S, H:M:S, D-H, D-H:M or D-H:M:S; null for anything else, and for no
    /// time at all.</summary>
    public static TimeSpan? Time(string text)
    {
        if (TimeForm().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var days = Number(match.Groups["days"]);
        var parts = match.Groups["part"].Captures.Select(part => long.Parse(part.ValueSpan, CultureInfo.InvariantCulture)).ToArray();
        var seconds = match.Groups["days"].Success
            ? (days * 86_400) + (parts[0] * 3600) + (parts.ElementAtOrDefault(1) * 60) + parts.ElementAtOrDefault(2)
            : parts switch
            {
                [var minutes] => minutes * 60,
                [var minutes, var rest] => (minutes * 60) + rest,
                [var hours, var minutes, var rest] => (hours * 3600) + (minutes * 60) + rest,
                _ => 0,
            };
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>A size in MB, rounded up; null for anything else than a number with K, M, G or
    /// T.</summary>
    public static long? Megabytes(string text) => SizeForm().Match(text) is { Success: true } match && Number(match.Groups["number"]) is > 0 and var number
        ? match.Groups["unit"].Value.ToUpperInvariant() switch { "K" => (number + 1023) / 1024, "G" => number << 10, "T" => number << 20, _ => number }
        : null;

    private static long Number(Group group) => group.Success ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:(?<days>\d{1,5})-)?(?<part>\d{1,7})(?::(?<part>\d{1,2})){0,2}$")]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"^(?<number>\d{1,9})(?<unit>[KMGTkmgt]?)$")]
    private static partial Regex SizeForm();
}
