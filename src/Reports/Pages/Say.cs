using System.Globalization;

namespace Orchestrator.Reports;

/// <summary>Numbers as pages say them; a dash where there is none.</summary>
internal static class Say
{
    public const string None = "–";

    private const double LongestPlain = 1e15;

    public static string Number(double? value, string format) => value is not { } number || !double.IsFinite(number)
        ? None
        : number.ToString(Math.Abs(number) < LongestPlain ? format : "G4", CultureInfo.InvariantCulture);

    public static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <param name="seconds">s.</param>
    public static string Duration(double? seconds) => seconds switch
    {
        null => None,
        < 0.001 => $"{Number(seconds * 1e6, "G3")} µs",
        < 1 => $"{Number(seconds * 1e3, "G3")} ms",
        < 120 => $"{Number(seconds, "F1")} s",
        < 1e10 => TimeSpan.FromSeconds(seconds.Value).ToString(seconds >= 86400 ? @"d\.hh\:mm\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => $"{Number(seconds, "G4")} s",
    };
}
