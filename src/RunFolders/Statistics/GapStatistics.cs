namespace Orchestrator.RunFolders;

/// <summary>
/// Mean and maximum of <c>gap.rms</c>. One that is not finite makes both so: such a run has
/// diverged. Not thread-safe.
/// </summary>
public sealed class GapStatistics
{
    private double sum;

    public long Count { get; private set; }

    /// <summary>The mean; NaN where there is no value.</summary>
    public double Mean => Count == 0 ? double.NaN : sum / Count;

    /// <summary>The largest value; NaN where there is none.</summary>
    public double Maximum { get; private set; } = double.NaN;

    public void Add(double gapRms)
    {
        Maximum = Count == 0 ? gapRms : Math.Max(Maximum, gapRms);
        sum += gapRms;
        Count++;
    }
}
