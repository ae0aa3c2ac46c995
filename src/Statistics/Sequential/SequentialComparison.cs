namespace Orchestrator.Statistics;

/// <summary>
/// A comparison that was looked at after every seed. Its verdict and its interval are the e-value
/// and the confidence sequence alone; t and bootstrap intervals of the same data no longer cover
/// what they name, because the data decided when to stop.
/// </summary>
public sealed record SequentialComparison
{
    /// <summary>Common seeds looked at, those included on which a side did not converge.</summary>
    public required int Seeds { get; init; }

    /// <summary>n, mean and standard deviation of the differences a - b looked at.</summary>
    public required Moments Difference { get; init; }

    /// <summary>The e-value against a mean difference of 0.</summary>
    public required double E { get; init; }

    /// <summary>
    /// The confidence sequence: over all looks together, the true mean lies in all of them with 95
    /// % (shared by the family).
    /// </summary>
    public required Interval Interval { get; init; }

    /// <summary>Common seeds on which A alone converged, and B alone.</summary>
    public required (int A, int B) ConvergedAlone { get; init; }

    /// <summary>The e-value against equal chances of convergence.</summary>
    public required double ConvergenceE { get; init; }

    /// <summary>
    /// Whether <see cref="ConvergenceE"/> reached the threshold: one side converges more often.
    /// </summary>
    public required bool ConvergenceDecided { get; init; }

    /// <summary>The verdict; not distinguishable while it is open.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Whether more seeds are wanted.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>Skewness of the differences (adjusted Fisher-Pearson); null below three.</summary>
    public required double? Skewness { get; init; }

    /// <summary>
    /// Whether the skewness is more than normal differences show once in twenty: then the 5 % is in
    /// doubt (mean-zero lognormal differences crossed in 24 %).
    /// </summary>
    public required bool IsSkewed { get; init; }

    /// <summary>
    /// Looks at the common seeds one after another, in their order, and stops at the first that
    /// decides.
    /// </summary>
    /// <exception cref="ArgumentException">A seed stands twice in one cell.</exception>
    public static SequentialComparison Of(IEnumerable<SeedResult> a, IEnumerable<SeedResult> b, SequentialTerms terms)
    {
        var walk = new SequentialWalk(terms);
        foreach (var step in PairedResults.Walk(a, b, out _))
        {
            if (walk.Look(step))
            {
                break;
            }
        }

        return walk.End();
    }
}
