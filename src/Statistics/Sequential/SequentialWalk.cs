namespace Orchestrator.Statistics;

/// <summary>
/// The looks of one sequential comparison: running moments, and the stopping rule.
/// </summary>
internal sealed class SequentialWalk(SequentialTerms terms)
{
    private readonly List<double> differences = [];
    private double mean;
    private double squares;
    private int onlyA;
    private int onlyB;

    public int Seeds { get; private set; }

    public Verdict Verdict { get; private set; } = Verdict.TooFewSeeds;

    private Moments Moments => new(
        differences.Count,
        differences.Count == 0 ? double.NaN : mean,
        differences.Count < 2 ? double.NaN : Math.Sqrt(squares / (differences.Count - 1)));

    private bool ConvergenceDecided => Seeds >= terms.SmallestN && EValue.OfConvergence(onlyA, onlyB) >= terms.Threshold;

    /// <summary>Takes the next common seed; whether it was the last that is wanted.</summary>
    public bool Look(PairedStep step)
    {
        Seeds++;
        onlyA += step is { AConverged: true, BConverged: false } ? 1 : 0;
        onlyB += step is { AConverged: false, BConverged: true } ? 1 : 0;
        if (step.Difference is { } difference)
        {
            Add(difference);
        }

        Verdict = Judge();
        return Verdict is not (Verdict.NotDistinguishable or Verdict.TooFewSeeds) || ConvergenceDecided || Seeds >= terms.LargestN;
    }

    public SequentialComparison End()
    {
        var skewness = Skewness.Of([.. differences]);
        return new SequentialComparison
        {
            Seeds = Seeds,
            Difference = Moments,
            E = EValue.OfT(Moments, terms.G),
            Interval = EValue.ConfidenceSequence(Moments, terms.Threshold, terms.G),
            ConvergedAlone = (onlyA, onlyB),
            ConvergenceE = EValue.OfConvergence(onlyA, onlyB),
            ConvergenceDecided = ConvergenceDecided,
            Verdict = Verdict,
            IsOpen = Verdict is Verdict.NotDistinguishable or Verdict.TooFewSeeds && !ConvergenceDecided && Seeds < terms.LargestN,
            Skewness = skewness,
            IsSkewed = skewness is { } value && Skewness.IsUnusual(value, differences.Count),
        };
    }

    // Welford's update: a look costs the same however many came before.
    private void Add(double difference)
    {
        differences.Add(difference);
        var before = difference - mean;
        mean += before / differences.Count;
        squares += before * (difference - mean);
    }

    private Verdict Judge()
    {
        var moments = Moments;
        if (Seeds < terms.SmallestN || moments.N < ComparisonTerms.SmallestN)
        {
            return Verdict.TooFewSeeds;
        }

        var better = new ComparisonTerms { HigherIsBetter = terms.HigherIsBetter }.Better(moments.Mean, byLess: Math.Abs(moments.Mean) < terms.Delta);
        var aIsBetter = better is Verdict.ABetter or Verdict.ABetterByLess;
        var vetoed = ConvergenceDecided && (onlyB > onlyA) == aIsBetter;
        return EValue.OfT(moments, terms.G) >= terms.Threshold && !vetoed ? better
            : EValue.ConfidenceSequence(moments, terms.Threshold, terms.G).IsWithin(terms.Delta) ? Verdict.Equivalent
            : Verdict.NotDistinguishable;
    }
}
