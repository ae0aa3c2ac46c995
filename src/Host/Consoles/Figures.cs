using System.Globalization;

namespace Orchestrator.Host;

/// <summary>
/// Numbers as a person reads them, whatever a run folder claims: what is not finite is a dash, what
/// is huge is short.
/// </summary>
internal static class Figures
{
    private const double LongestPlain = 1e15;

    public static string Number(double? value, string format) => value is not { } number || !double.IsFinite(number)
        ? "-"
        : number.ToString(Math.Abs(number) < LongestPlain ? format : "G4", CultureInfo.InvariantCulture);

    /// <param name="seconds">s.</param>
    public static string Duration(double seconds) => Math.Abs(seconds) switch
    {
        < 120 => $"{Number(seconds, "F1")} s",
        < 1e10 => TimeSpan.FromSeconds(seconds).ToString(seconds >= 86400 ? @"d\.hh\:mm\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => $"{Number(seconds, "G4")} s",
    };
}
