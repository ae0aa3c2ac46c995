namespace Orchestrator.Statistics.Tables;

/// <summary>What the paragraph for a paper says beyond the comparisons.</summary>
/// <param name="Seeds">Seeds per cell, smallest and largest; of ranks those that count, and those
/// that are asked for.</param>
/// <param name="Runs">Runs that were read.</param>
/// <param name="WithoutConvergence">Of those, runs that did not converge.</param>
/// <param name="Varies">What differs between the runs of a cell, after "runs of a cell differ in":
/// initialisation, partition, ...</param>
/// <param name="CoreHours">Compute that the runs took; null where it is not known.</param>
/// <param name="Software">Program and version.</param>
public sealed record PaperFacts((int Fewest, int Most) Seeds, int Runs, int WithoutConvergence, string Varies, double? CoreHours, string Software)
{
    /// <summary>
    /// Axes over which each seed's value is a mean; then <see cref="WithoutConvergence"/> is of
    /// <see cref="Means"/>.
    /// </summary>
    public IReadOnlyList<string> AveragedOver { get; init; } = [];

    /// <summary>Such means.</summary>
    public int Means { get; init; }

    /// <summary>
    /// Of ranks alone: variants that have none because runs of them failed, with the environments.
    /// </summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>How many results may have converged, in words.</summary>
    internal string Results => AveragedOver.Count == 0 ? $"{Runs} runs" : $"{Means} means";
}
