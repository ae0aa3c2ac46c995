namespace Orchestrator.Engine;

/// <summary>
/// Marks at equal distances. Neither a distance such as 0.1 nor its multiples are exact, so a value
/// that comes within rounding of a mark has reached it.
/// </summary>
internal static class Marks
{
    /// <summary>How far below a mark counts as at it, relative to it.</summary>
    public const double Rounding = 1e-12;

    /// <summary>How many marks a value has reached, that at 0 not among them.</summary>
    /// <param name="value">At least 0.</param>
    /// <param name="distance">Between marks; above 0.</param>
    public static double Passed(double value, double distance) => Math.Floor(value / distance * (1 + Rounding));
}
