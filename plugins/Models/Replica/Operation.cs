namespace Orchestrator.Models;

/// <summary>
/// One step of a network, with its memory. Operations run chunk by chunk as far as they can, so
/// that a chunk stays in the cache.
/// </summary>
internal abstract class Operation
{
    /// <summary>
    /// True: all chunks of the group come in one call, after every operation before it has seen
    /// them all.
    /// </summary>
    public virtual bool TakesWholeGroup => false;

    /// <summary>As <see cref="TakesWholeGroup"/>, of the backward pass.</summary>
    public virtual bool TakesWholeGroupBackward => TakesWholeGroup;

    /// <summary>
    /// True: backward, all chunks of a stripe come in one call; <see cref="LogicalLanes{TLanes}"/>.
    /// </summary>
    public virtual bool TakesStripesBackward => false;

    /// <summary>
    /// True: begins only after every operation before it has seen all chunks of the group, and ends
    /// backward before they begin.
    /// </summary>
    public virtual bool StartsSegment => false;

    /// <summary>
    /// True: adds to its input's gradient, because a later consumer of the same input has already
    /// written it.
    /// </summary>
    public bool Accumulates { get; set; }

    /// <summary>Once before the first group.</summary>
    public virtual void Begin(Pass pass, Random? random)
    {
    }

    public abstract void Forward(Pass pass, int firstChunk, int endChunk);

    /// <summary>
    /// From the gradient of its output to that of its input and of its parameters.
    /// </summary>
    public abstract void Backward(Pass pass, int firstChunk, int endChunk);

    /// <summary>Once after the last group of a gradient.</summary>
    public virtual void End(Pass pass)
    {
    }
}
