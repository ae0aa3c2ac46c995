namespace Orchestrator.Statistics;

/// <summary>What two variants can have in common on one seed.</summary>
/// <param name="Level">What is common.</param>
/// <param name="StandardDeviation">Of the difference of a pair; NaN where the estimate of its
/// variance is below 0.</param>
/// <param name="Seeds">Seeds at which a difference of delta is found with 80 % power; null above
/// 100,000.</param>
public sealed record PairingLevel(PairingKind Level, double StandardDeviation, int? Seeds);

/// <summary>What a pair has in common.</summary>
public enum PairingKind
{
    /// <summary>Nothing: each run has a seed and a timing of its own.</summary>
    Nothing,

    /// <summary>
    /// The streams that were crossed with the seed, such as timing, and not the seed.
    /// </summary>
    Streams,

    /// <summary>The seed, with streams of their own.</summary>
    Seed,

    /// <summary>The seed and the streams.</summary>
    Everything,
}

/// <summary>
/// What pairing is worth, measured: from runs in which seeds were crossed with levels of named
/// streams, the variance of a difference at each level of pairing. Var(A) + Var(B) - 2 Cov, where
/// the covariance is of runs that have just that in common; all by moments over pairs of runs.
/// </summary>
public static class PairingLevels
{
    /// <summary>
    /// The levels, least paired first; empty where seeds and streams are not crossed, two levels of
    /// each at least.
    /// </summary>
    /// <param name="a">Runs of the first variant.</param>
    /// <param name="b">Runs of the second.</param>
    /// <param name="delta">The difference that is to be found.</param>
    /// <param name="family">Number of comparisons that share the 5 %.</param>
    /// <exception cref="ArgumentException">A key stands twice in one cell.</exception>
    public static IReadOnlyList<PairingLevel> Of(IReadOnlyList<SeedResult> a, IReadOnlyList<SeedResult> b, double delta, int family = 1)
    {
        var both = PairedResults.Common(a, b);
        var centre = both.Count == 0 ? 0 : both.Average(r => r.A + r.B) / 2;
        CrossedRun[] runs = [.. both.Select(r => r with { A = r.A - centre, B = r.B - centre })];
        var apart = Moment(runs, sameSeed: false, sameStreams: false);
        if (apart is not { } none || Moment(runs, false, true) is not { } streams || Moment(runs, true, false) is not { } seed)
        {
            return [];
        }

        var own = (AA: runs.Average(r => r.A * r.A), BB: runs.Average(r => r.B * r.B), AB: runs.Average(r => r.A * r.B));
        var variance = own.AA - none.AA + (own.BB - none.BB);
        var needed = new SeedsNeeded(family);
        return
        [
            Level(PairingKind.Nothing, variance),
            Level(PairingKind.Streams, variance - (2 * (streams.AB - none.AB))),
            Level(PairingKind.Seed, variance - (2 * (seed.AB - none.AB))),
            Level(PairingKind.Everything, variance - (2 * (own.AB - none.AB))),
        ];

        PairingLevel Level(PairingKind kind, double value) => new(kind, Math.Sqrt(value), value < 0 ? null : needed.For(delta, Math.Sqrt(value)));
    }

    // Mean products of the values of two different runs that have the seed, or the streams, in
    // common, or neither.
    private static (double AA, double BB, double AB)? Moment(CrossedRun[] runs, bool sameSeed, bool sameStreams)
    {
        var (aa, bb, ab) = (0.0, 0.0, 0.0);
        long count = 0;
        foreach (var one in runs)
        {
            foreach (var other in runs)
            {
                if (!ReferenceEquals(one, other) && one.Key.Seed == other.Key.Seed == sameSeed && one.Key.Streams == other.Key.Streams == sameStreams)
                {
                    (aa, bb, ab, count) = (aa + (one.A * other.A), bb + (one.B * other.B), ab + (one.A * other.B), count + 1);
                }
            }
        }

        return count == 0 ? null : (aa / count, bb / count, ab / count);
    }
}

/// <summary>A seed and streams that both variants ran, and on which both converged.</summary>
internal sealed record CrossedRun(SeedKey Key, double A, double B);
