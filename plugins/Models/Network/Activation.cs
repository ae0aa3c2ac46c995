namespace Orchestrator.Models;

/// <summary>
/// What flows between two operations, and the gradient that flows back. A chunk holds as many samples as there are lanes; within it the layout is
/// [place][channel][lane], so that the channels of neighbouring places are one stretch of memory.
/// </summary>
internal sealed unsafe class Activation(Volume volume, float* values, float* gradients, nint chunkStride)
{
    private readonly Activation? origin;

    private Activation(Activation origin, Volume volume)
        : this(volume, origin.Values(0), origin.Gradients(0), origin.ChunkStride) => this.origin = origin.Origin;

    public Volume Volume { get; } = volume;

    /// <summary>The activation whose memory this one is.</summary>
    public Activation Origin => origin ?? this;

    /// <summary>Floats from one chunk to the next.</summary>
    public nint ChunkStride { get; } = chunkStride;

    /// <summary>False for the network's input.</summary>
    public bool HasGradient => gradients != null;

    /// <summary>The same memory, where the order of its vectors is the same.</summary>
    public Activation Reshape(Volume other) => new(this, other);

    public float* Values(int chunk) => values + (chunk * ChunkStride);

    public float* Gradients(int chunk) => gradients == null ? null : gradients + (chunk * ChunkStride);
}
