namespace Orchestrator.Abstractions;

/// <summary>
/// A model and its loss, described by options; becomes an <see cref="IObjective"/> once the data's
/// shape is known.
/// </summary>
public interface IModel
{
    /// <summary>
    /// Checks that the model fits the data and lays out its parameters; allocates nothing large.
    /// </summary>
    /// <exception cref="OptionException">A layer does not fit what comes before it; the message
    /// names the layer and both shapes.</exception>
    IObjective Build(DatasetShape data);
}

/// <summary>
/// A loss over named parameters for data of a known shape. Immutable and safe to use from many
/// threads; replicas do the work.
/// </summary>
public interface IObjective
{
    /// <summary>Names, shapes and places of the parameters and buffers.</summary>
    ParameterLayout Layout { get; }

    /// <summary>
    /// What the results depend on beyond the inputs: <c>managed</c> for this program's own kernels,
    /// whose bits are the same on every processor. In <c>run.json</c> and in a host's handshake.
    /// </summary>
    string KernelPath { get; }

    /// <summary>
    /// The vectors that it computes with here, where results do not depend on them, e.g.
    /// <c>avx512</c>; in the environment of <c>run.json</c>. Null where there is nothing to say.
    /// </summary>
    string? Vectors => null;

    /// <summary>
    /// Samples that are evaluated at once, at most: each core has a second replica for it, for
    /// batches of training too where buffers are computed anew.
    /// </summary>
    const int EvaluatedAtOnce = 128;

    /// <summary>Estimated bytes of one replica, for the memory estimate.</summary>
    long ReplicaBytes(int largestBatch);

    /// <summary>
    /// Fills initial parameters and buffers from the run's stream <c>("init")</c>.
    /// </summary>
    void Initialize(Random random, Span<float> parameters, Span<float> buffers);

    /// <summary>
    /// The server's buffers after a push brought <paramref name="pushed"/>, in order of arrival.
    /// The default keeps the newest.
    /// </summary>
    void MergeBuffers(Span<float> buffers, ReadOnlySpan<float> pushed) => pushed.CopyTo(buffers);

    /// <summary>
    /// Training batches from which buffers are computed anew before each evaluation (BatchNorm
    /// recalibration); 0 uses the server's.
    /// </summary>
    int RecalibrationBatches => 0;

    /// <summary>
    /// Working memory for one compute core. Not thread-safe; each core has its own.
    /// </summary>
    /// <param name="largestBatch">No batch given to it will have more samples.</param>
    IReplica CreateReplica(int largestBatch);
}

/// <summary>
/// Computes losses and gradients. Same inputs give the same bits on any replica of the same
/// <see cref="IObjective.KernelPath"/>, whatever it computed before. Nothing is allocated per call.
/// Parameters and gradients cross as host memory; a replica on a device copies them.
/// </summary>
public interface IReplica : IDisposable
{
    /// <summary>
    /// Mean loss over the batch, and its gradient. Forward pass in training mode.
    /// </summary>
    /// <param name="parameters">Length k; not kept.</param>
    /// <param name="buffers">The server's buffers as sent with the parameters.</param>
    /// <param name="batch">1 .. largestBatch samples.</param>
    /// <param name="random">The stream for this batch, <c>("dropout", worker, batch)</c>.</param>
    /// <param name="gradient">Length k; overwritten.</param>
    /// <param name="pushedBuffers">Buffers that ride behind the gradient, e.g. batch statistics;
    /// overwritten.</param>
    /// <returns>The mean loss; may be non-finite, which the engine reports as divergence.</returns>
    double Gradient(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers);

    /// <summary>Sum of the losses over the batch, forward pass in evaluation mode.</summary>
    /// <param name="parameters">Length k.</param>
    /// <param name="buffers">Buffers to use.</param>
    /// <param name="batch">1 .. largestBatch samples.</param>
    /// <param name="predictions">The predicted class of each sample, the lowest among equals;
    /// untouched where there are no classes.</param>
    double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions);
}

/// <summary>A mini-batch in the caller's memory.</summary>
/// <param name="inputs"><c>[Count, SampleLength]</c>, row-major.</param>
/// <param name="labels">One class per sample, or empty where samples have no label.</param>
/// <param name="count">Number of samples.</param>
/// <param name="values">What is to be predicted, <c>[Count, DatasetShape.Values]</c>, or
/// empty.</param>
public readonly ref struct Batch(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, int count, ReadOnlySpan<float> values = default)
{
    /// <summary>The samples, <c>[Count, SampleLength]</c>, row-major.</summary>
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    /// <summary>
    /// One class per sample, in 0 .. classes-1; empty where samples have no label.
    /// </summary>
    public ReadOnlySpan<int> Labels { get; } = labels;

    /// <summary>
    /// What is to be predicted, <c>[Count, DatasetShape.Values]</c>, row-major; empty without
    /// values.
    /// </summary>
    public ReadOnlySpan<float> Values { get; } = values;

    /// <summary>Number of samples, at least 1.</summary>
    public int Count { get; } = count;
}
