namespace Orchestrator.Models;

/// <summary>A layer that fits what comes before it, with its parameters laid out. Immutable.</summary>
internal abstract class Layer(Volume output)
{
    public Volume Output { get; } = output;

    /// <summary>True if it needs all samples of a batch at once.</summary>
    public virtual bool NeedsWholeBatch => false;

    /// <summary>Fills this layer's own parameters and buffers.</summary>
    public virtual void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
    }

    /// <summary>Appends this layer's operations to a replica and returns what they produce.</summary>
    public abstract Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input) where TLanes : unmanaged, ILanes<TLanes>;
}
