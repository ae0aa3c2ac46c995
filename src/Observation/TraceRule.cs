namespace Orchestrator.Observation;

/// <summary>
/// Which pushes are traced: decided at arrival from worker, number and staleness alone, so that
/// equal runs trace the same pushes.
/// </summary>
/// <param name="Ratio">Share of all pushes, 0 to 1.</param>
/// <param name="AlwaysFrom">Pushes at least as stale are always traced; null for none.</param>
public sealed record TraceRule(double Ratio, long? AlwaysFrom)
{
    /// <summary>Whether a push is traced.</summary>
    public bool Takes(int worker, long gradient, long staleness) => staleness >= AlwaysFrom || Share(worker, gradient) < Ratio;

    // SplitMix64's finaliser (Steele, Lea, Flood 2014) spreads neighbouring numbers over 0 .. 1.
    private static double Share(int worker, long gradient)
    {
        var z = ((ulong)gradient * 0x9E3779B97F4A7C15) + ((ulong)worker * 0xD1B54A32D192ED03) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
