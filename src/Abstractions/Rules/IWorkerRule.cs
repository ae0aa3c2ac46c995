namespace Orchestrator.Abstractions;

/// <summary>
/// What a worker does between pull and push beyond one gradient. It runs on a worker host, one
/// instance per compute core, and remembers nothing: a worker's state comes with the work and goes
/// back with the push, so that a cancelled or lost gradient leaves no trace.
/// </summary>
public interface IWorkerRule
{
    /// <summary>Gradients (batches) that one push takes.</summary>
    int Batches => 1;

    /// <summary>What it pushes.</summary>
    Payload Payload => Payload.Gradient;

    /// <summary>Floats of state per worker, zero at first.</summary>
    /// <param name="parameters">k.</param>
    int StateLength(int parameters) => 0;

    /// <summary>Scratch vectors of length k that <see cref="Run"/> needs.</summary>
    int ScratchVectors => 0;

    /// <summary>
    /// Bytes of one push on the wire in the rule's own encoding; must not depend on values, because
    /// network time does.
    /// </summary>
    /// <param name="parameters">k.</param>
    long PayloadBytes(int parameters) => 4L * parameters;

    /// <summary>Computes one push. Allocates nothing.</summary>
    /// <param name="work">What was sent, the state, scratch and a random stream.</param>
    /// <param name="gradients">Computes a gradient on any point, on the worker's next
    /// batch.</param>
    /// <param name="push">Length k; overwritten.</param>
    void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push);
}

/// <summary>The worker's batches, in order.</summary>
public interface IGradients
{
    /// <summary>
    /// Gradient of the worker's next batch at <paramref name="parameters"/>; may be called
    /// <see cref="IWorkerRule.Batches"/> times.
    /// </summary>
    void Next(ReadOnlySpan<float> parameters, Span<float> gradient);
}

/// <summary>One push's work as a worker rule sees it.</summary>
public readonly ref struct WorkerRuleWork
{
    /// <summary>The worker, from 0.</summary>
    public required int Worker { get; init; }

    /// <summary>Number of this worker's push, from 0, cancelled ones counted.</summary>
    public required long Gradient { get; init; }

    /// <summary>Learning rate in force when the work was sent.</summary>
    public required double LearningRate { get; init; }

    /// <summary>What the worker was sent.</summary>
    public required ReadOnlySpan<float> Sent { get; init; }

    /// <summary>The worker's state; changed in place, kept when the push arrives.</summary>
    public required Span<float> State { get; init; }

    /// <summary>
    /// <see cref="IWorkerRule.ScratchVectors"/> vectors of length k behind each other; contents
    /// undefined.
    /// </summary>
    public required Span<float> Scratch { get; init; }

    /// <summary>The stream <c>("rule", worker, gradient)</c>.</summary>
    public required Random Random { get; init; }
}
