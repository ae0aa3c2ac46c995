namespace Orchestrator.Statistics.Tables;

/// <summary>The number that a table shows of each run.</summary>
/// <param name="Name">As in a run's summary, such as <c>testAccuracy</c>.</param>
/// <param name="Label">In words, such as <c>test accuracy</c>.</param>
/// <param name="Unit">Its unit, such as <c>%</c> or <c>s</c>; empty where it has none.</param>
/// <param name="DifferenceUnit">The unit of a difference: points for a percentage.</param>
/// <param name="HigherIsBetter">Whether a larger value is the better one.</param>
/// <param name="Decimals">Digits after the point; null takes as many as the spread needs.</param>
public sealed record TableMetric(string Name, string Label, string Unit, string DifferenceUnit, bool HigherIsBetter, int? Decimals = null)
{
    /// <summary>The metric of a classifier's last evaluation, in per cent.</summary>
    public static TableMetric TestAccuracy { get; } = new("testAccuracy", "test accuracy", "%", "points", true, 2);

    /// <summary>The label with its unit.</summary>
    public string Heading => Unit.Length == 0 ? Label : $"{Label}, {Unit}";
}
