using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>
/// A run's evaluations, at most so many of them: later ones are means of several.
/// </summary>
internal sealed class EvaluationCurve
{
    private readonly BucketedSeries losses = new();
    private readonly BucketedSeries times = new();

    public EvaluationRecord First { get; private set; }

    public EvaluationRecord Last { get; private set; }

    public RecordPlace LastPlace { get; private set; }

    public long Count { get; private set; }

    /// <summary>The best accuracy, percent; NaN where there is none.</summary>
    public double BestAccuracy { get; private set; } = double.NaN;

    public double BestLoss { get; private set; } = double.NaN;

    public bool HasAccuracy => !double.IsNaN(BestAccuracy);

    /// <summary>Loss before the first update; NaN where that was not evaluated.</summary>
    public double Start => Count > 0 && First.Version == 0 ? First.TestLoss : double.NaN;

    public double[] Losses() => losses.Means();

    public double[] Times() => times.Means();

    public RecordPlace PlaceOf(int bucket) => losses.PlaceOf(bucket);

    public static EvaluationCurve Read(IRunRecords run)
    {
        var curve = new EvaluationCurve();
        using var evaluations = run.OpenEvaluations();
        while (evaluations.TryRead(out var evaluation))
        {
            curve.First = curve.Count == 0 ? evaluation : curve.First;
            (curve.Last, curve.LastPlace) = (evaluation, evaluations.Place);
            curve.Count++;
            curve.BestAccuracy = double.IsNaN(curve.BestAccuracy) ? evaluation.TestAccuracy : Math.Max(curve.BestAccuracy, Or(evaluation.TestAccuracy, curve.BestAccuracy));
            curve.BestLoss = double.IsNaN(curve.BestLoss) ? evaluation.TestLoss : Math.Min(curve.BestLoss, Or(evaluation.TestLoss, curve.BestLoss));
            curve.losses.Add(evaluation.TestLoss, evaluations.Place);
            curve.times.Add(evaluation.At, evaluations.Place);
        }

        return curve;
    }

    private static double Or(double value, double other) => double.IsNaN(value) ? other : value;
}
