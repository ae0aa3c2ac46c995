namespace Orchestrator.Abstractions;

/// <summary>
/// Draws durations: compute time, added delay, network time. Stateless: what it returns depends on
/// its options and its arguments alone, so that any draw can be made again. It never sees a
/// gradient's values.
/// </summary>
public interface IDelay
{
    /// <summary>
    /// Whether it draws only what comes on top of a compute time
    /// (<see cref="DelayDraw.ComputeMs"/>), so that it cannot be one.
    /// </summary>
    bool NeedsCompute => false;

    /// <summary>
    /// A number drawn once per worker, such as a slow machine's mean; handed back with every draw.
    /// </summary>
    /// <param name="worker">The worker.</param>
    /// <param name="random">The stream <c>("compute-trait", worker)</c>, or <c>delay-</c>,
    /// <c>network-</c>.</param>
    double Trait(int worker, Random random) => 0;

    /// <summary>A duration in milliseconds, at least 0, finite.</summary>
    double Milliseconds(in DelayDraw draw);
}

/// <summary>What a delay model may look at.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Gradient">Number of the worker's push, from 0.</param>
/// <param name="Samples">Samples in its batch or batches.</param>
/// <param name="Bytes">Bytes that its work and its push put on the wire.</param>
/// <param name="Trait">What <see cref="IDelay.Trait"/> drew for the worker.</param>
/// <param name="Random">The stream <c>("compute", worker, gradient)</c>, or <c>delay</c>,
/// <c>network</c>.</param>
public readonly record struct DelayDraw(int Worker, long Gradient, int Samples, long Bytes, double Trait, Random Random)
{
    /// <summary>
    /// When the worker pulls, and the duration begins: ms on the run's clock since the run's start.
    /// </summary>
    public double TimeMs { get; init; }

    /// <summary>
    /// The compute time that was drawn for the same push, ms; 0 without one, and while it is drawn.
    /// </summary>
    public double ComputeMs { get; init; }
}
