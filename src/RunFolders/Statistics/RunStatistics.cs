using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// What a run's summary says of its records, collected as they come. Staleness and gap are of every
/// push that arrived: applied, buffered or dropped, but not cancelled. Not thread-safe.
/// </summary>
public sealed class RunStatistics
{
    // Before as many samples were applied as there are to train with, chance is no verdict.
    private const double LeastEpochs = 1;

    private readonly long[] pushes = new long[Enum.GetValues<PushDecision>().Length];

    public StalenessStatistics Staleness { get; } = new();

    public GapStatistics Gap { get; } = new();

    /// <summary>Updates so far, as the last push record shows.</summary>
    public long Updates { get; private set; }

    /// <summary>Samples of the pushes that were applied or buffered.</summary>
    public long Samples { get; private set; }

    /// <summary>Clock time of the last record; ns from the run's start.</summary>
    public long LastAt { get; private set; }

    /// <summary>The newest evaluation.</summary>
    public EvaluationRecord? LastEvaluation { get; private set; }

    /// <summary>The first evaluation, usually of version 0.</summary>
    public EvaluationRecord? FirstEvaluation { get; private set; }

    /// <summary>The largest test loss after the first evaluation; NaN without any.</summary>
    public double WorstLoss { get; private set; } = double.NaN;

    /// <summary>
    /// How far the test accuracy fell at most from one evaluation to the next, percentage points.
    /// </summary>
    public double LargestFall { get; private set; }

    /// <summary>
    /// Whether a push that was applied or buffered, or an evaluation, had a loss that is not
    /// finite.
    /// </summary>
    public bool HasNonFiniteLoss { get; private set; }

    public long Count(PushDecision decision) => pushes[(int)decision];

    public void Add(in PushRecord record)
    {
        pushes[(int)record.Decision]++;
        LastAt = Math.Max(LastAt, record.ArrivedAt);
        Updates = Math.Max(Updates, record.Version + (record.Decision == PushDecision.Applied ? 1 : 0));
        if (record.Decision == PushDecision.Cancelled)
        {
            return;
        }

        Staleness.Add(record.Staleness);
        Gap.Add(record.GapRms);
        if (record.Decision != PushDecision.Dropped)
        {
            Samples += record.Samples;
            HasNonFiniteLoss |= !double.IsFinite(record.Loss);
        }
    }

    public void Add(in EvaluationRecord record)
    {
        LastAt = Math.Max(LastAt, record.At);
        Updates = Math.Max(Updates, record.Version);
        HasNonFiniteLoss |= !(double.IsFinite(record.TestLoss) && double.IsFinite(record.Train?.Loss ?? 0) && double.IsFinite(record.Validation?.Loss ?? 0));
        WorstLoss = FirstEvaluation is null || WorstLoss > record.TestLoss ? WorstLoss : record.TestLoss;
        LargestFall = LastEvaluation is { } before && before.TestAccuracy - record.TestAccuracy > LargestFall ? before.TestAccuracy - record.TestAccuracy : LargestFall;
        FirstEvaluation ??= record;
        if (LastEvaluation is not { } last || record.Version >= last.Version)
        {
            LastEvaluation = record;
        }
    }

    /// <summary>
    /// No convergence: a loss that is not finite; or at the last evaluation an accuracy of at most
    /// one point above chance, or one class for every input, once the run had the chance to learn:
    /// as many samples were applied as there are to train with.
    /// </summary>
    /// <param name="classes">Number of classes; 0 where samples have no label.</param>
    public bool IsWithoutConvergence(int classes)
    {
        if (HasNonFiniteLoss || LastEvaluation is not { } last || classes < 2)
        {
            return HasNonFiniteLoss;
        }

        return last.Epoch >= LeastEpochs && (last.TestAccuracy <= (100.0 / classes) + 1 || last.LargestPredictedShare >= 1);
    }
}
