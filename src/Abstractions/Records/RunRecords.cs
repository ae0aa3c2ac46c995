namespace Orchestrator.Abstractions;

/// <summary>What became of a worker's push.</summary>
public enum PushDecision
{
    /// <summary>Made (or completed) an update.</summary>
    Applied,

    /// <summary>Held for a later update.</summary>
    Buffered,

    /// <summary>Arrived and was discarded.</summary>
    Dropped,

    /// <summary>Ended before it arrived; it has no loss, no norms.</summary>
    Cancelled,
}

/// <summary>One push, the unit of the log: a row of <c>updates.csv</c>.</summary>
public readonly record struct PushRecord
{
    /// <summary>
    /// Number of the arrival (or cancellation) in the run's one sequence of pulls and arrivals,
    /// from 1.
    /// </summary>
    public required long Event { get; init; }

    /// <summary>Number of the pull in the same sequence.</summary>
    public required long PullEvent { get; init; }

    /// <summary>The worker that pushed, from 0.</summary>
    public required int Worker { get; init; }

    /// <summary>Number of the worker's push, from 0, cancelled ones counted.</summary>
    public required long Gradient { get; init; }

    /// <summary>
    /// Number of the first of the worker's batches in it, from 0, counted over passes.
    /// </summary>
    public required long Batch { get; init; }

    /// <summary>Number of samples that the push is a mean over.</summary>
    public required int Samples { get; init; }

    /// <summary>What the server did with it.</summary>
    public required PushDecision Decision { get; init; }

    /// <summary>The version that the worker was sent before it computed.</summary>
    public required long VersionPulled { get; init; }

    /// <summary>The server's version at arrival, before an update that it makes.</summary>
    public required long Version { get; init; }

    /// <summary>Clock time of the pull; ns from the run's start.</summary>
    public required long PulledAt { get; init; }

    /// <summary>Clock time of the arrival; ns from the run's start.</summary>
    public required long ArrivedAt { get; init; }

    /// <summary>
    /// norm2(parameters at arrival - what was sent) / sqrt(k); NaN when cancelled.
    /// </summary>
    public required double GapRms { get; init; }

    /// <summary>L2 norm of the push as it came; NaN when cancelled.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>L2 norm of the parameters' change; NaN where the push made none.</summary>
    public required double UpdateNorm { get; init; }

    /// <summary>Mean loss over its samples; NaN when cancelled.</summary>
    public required double Loss { get; init; }

    /// <summary>Learning rate in force at the arrival.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Bytes of the push in the worker rule's encoding.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>Real time of the computation, ns; outside the digest.</summary>
    public required long ComputeTime { get; init; }

    /// <summary>The worker host that computed it; outside the digest.</summary>
    public required int Host { get; init; }

    /// <summary>Updates between pull and arrival; 0 when nobody else was faster.</summary>
    public long Staleness => Version - VersionPulled;
}

/// <summary>One evaluation of the server's parameters: a row of <c>evaluations.csv</c>.</summary>
public readonly record struct EvaluationRecord
{
    /// <summary>Event number of the arrival after which it was taken; 0 before the first.</summary>
    public required long Event { get; init; }

    /// <summary>The version that was evaluated.</summary>
    public required long Version { get; init; }

    /// <summary>Samples of applied pushes / training samples.</summary>
    public required double Epoch { get; init; }

    /// <summary>Clock time; ns from the run's start.</summary>
    public required long At { get; init; }

    /// <summary>Mean loss over the test samples.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Percent; NaN where samples have no label.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>
    /// Share of the test samples that were given the most frequent prediction, 0 .. 1; NaN where
    /// there is none.
    /// </summary>
    public required double LargestPredictedShare { get; init; }

    /// <summary>L2 norm of the parameters.</summary>
    public required double ParameterNorm { get; init; }

    /// <summary>On the training samples; null where the pipeline does not ask for it.</summary>
    public SetScore? Train { get; init; }

    /// <summary>
    /// On the samples that were kept from training; null where the pipeline keeps none.
    /// </summary>
    public SetScore? Validation { get; init; }

    /// <summary>Whether any set beside the test samples was evaluated.</summary>
    public bool HasMoreSets => Train is not null || Validation is not null;

    /// <summary>Real time that it took, ns; outside the digest.</summary>
    public required long Duration { get; init; }
}

/// <summary>How the parameters do on a set of samples beside the test samples.</summary>
/// <param name="Loss">Mean over the samples.</param>
/// <param name="Accuracy">Percent; NaN where samples have no label.</param>
public readonly record struct SetScore(double Loss, double Accuracy);

/// <summary>
/// Something worth telling that is not part of the run's result: a host joined, a delay was
/// overrun. Outside the digest.
/// </summary>
/// <param name="At">Clock time; ns from the run's start.</param>
/// <param name="Kind">Kebab-case: <c>host-joined</c>, <c>overrun</c>.</param>
/// <param name="Worker">The worker, or -1.</param>
/// <param name="Host">The worker host, or -1.</param>
/// <param name="Message">A sentence.</param>
public sealed record RunEvent(long At, string Kind, int Worker, int Host, string Message);

/// <summary>
/// Takes every record of a run, in order, and may hold the run back; throwing ends it as failed.
/// </summary>
public interface IRecorder
{
    /// <summary>
    /// Takes a push, in the order in which the server is done with them: those that an arrival
    /// cancels come before it, though its event number is below theirs.
    /// </summary>
    void Push(in PushRecord record);

    /// <summary>Takes an evaluation, in the order in which they were due.</summary>
    void Evaluation(in EvaluationRecord record);

    /// <summary>Takes an event, in the order in which they happened.</summary>
    void Event(RunEvent record);

    /// <summary>
    /// Takes what the samples of one class were taken for, after the evaluation that it belongs to.
    /// By default it is not kept.
    /// </summary>
    void Confusion(ConfusionRecord record)
    {
    }
}
