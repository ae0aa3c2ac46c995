namespace Orchestrator.Statistics;

/// <summary>
/// One comparison of a family, with its verdict. Differences are a - b, in the metric's unit, over
/// the seeds on which both converged.
/// </summary>
public sealed record PairedComparison
{
    /// <summary>Name of the first variant.</summary>
    public required string A { get; init; }

    /// <summary>Name of the second variant.</summary>
    public required string B { get; init; }

    /// <summary>What both share; empty where there is nothing to say.</summary>
    public required string Environment { get; init; }

    /// <summary>Seeds that both ran.</summary>
    public required int CommonSeeds { get; init; }

    /// <summary>Seeds that one of them ran and the other did not.</summary>
    public required int Unpaired { get; init; }

    /// <summary>n, mean and standard deviation of the differences.</summary>
    public required Moments Difference { get; init; }

    /// <summary>95 % t interval of the mean difference; null below two.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>90 % t interval, which equivalence is read from; null below two.</summary>
    public required Interval? Interval90 { get; init; }

    /// <summary>95 % BCa bootstrap interval; null below two.</summary>
    public required Interval? Bootstrap { get; init; }

    /// <summary>Exact sign-flip p.</summary>
    public required double P { get; init; }

    /// <summary>The smallest p that the data permit.</summary>
    public required double SmallestP { get; init; }

    /// <summary>Holm-adjusted p over the family.</summary>
    public required double AdjustedP { get; init; }

    /// <summary>Common seeds on which A alone converged, and B alone.</summary>
    public required (int A, int B) ConvergedAlone { get; init; }

    /// <summary>McNemar's exact p of convergence.</summary>
    public required double ConvergenceP { get; init; }

    /// <summary>Holm-adjusted over the family's comparisons of convergence.</summary>
    public required double AdjustedConvergenceP { get; init; }

    /// <summary>The chance that a run of A is better than a run of B.</summary>
    public required double ProbabilityOfImprovement { get; init; }

    /// <summary>What may be said of the difference.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>
    /// Whether the difference alone would make one of them better, and it is not called so because
    /// it converges less often (unadjusted p): more seeds change nothing about that.
    /// </summary>
    public required bool IsVetoed { get; init; }

    /// <summary>
    /// Where the verdict is open: seeds at which this verdict's own rule finds a difference of
    /// delta with 80 % power, at the family's level, the standard deviation and the convergence
    /// seen. Null where nothing is open, convergence decides, or nothing can be said (below two differences).
    /// </summary>
    public required int? SeedsNeeded { get; init; }
}
