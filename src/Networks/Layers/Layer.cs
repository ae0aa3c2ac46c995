namespace Orchestrator.Networks;

/// <summary>
/// A layer that fits what comes before it, with its parameters laid out. Immutable data: a backend
/// computes it.
/// </summary>
/// <param name="Input">The shape of what it takes.</param>
/// <param name="Output">The shape of what it gives.</param>
public abstract record Layer(Volume Input, Volume Output)
{
    /// <summary>
    /// True if a sample's result depends on the others of its batch, so that all of them are needed
    /// at once.
    /// </summary>
    public virtual bool NeedsWholeBatch => false;

    /// <summary>
    /// Fills this layer's own parameters and buffers; a layer without any draws nothing.
    /// </summary>
    /// <param name="random">The run's stream <c>("init")</c>, from which the layers draw one after
    /// the other.</param>
    /// <param name="parameters">Those of the whole network.</param>
    /// <param name="buffers">Those of the whole network.</param>
    public virtual void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
    }
}
