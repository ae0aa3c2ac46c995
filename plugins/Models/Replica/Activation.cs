using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// What flows between two operations, and the gradient that flows back. A chunk holds as many
/// samples as there are lanes; within it the layout is [place][channel][lane], so that the channels
/// of neighbouring places are one segment of memory.
/// </summary>
internal sealed unsafe class Activation
{
    private readonly Activation? origin;
    private readonly float* values;
    private float* gradients;
    private nint gradientStride;
    private int heldGradients;
    private Activation? gradientOwner;

    /// <param name="volume">Shape of one sample.</param>
    /// <param name="values">Its memory.</param>
    /// <param name="chunkStride">Floats from one chunk to the next.</param>
    /// <param name="hasGradient">False for the network's input.</param>
    public Activation(Volume volume, float* values, nint chunkStride, bool hasGradient)
    {
        Volume = volume;
        this.values = values;
        ChunkStride = chunkStride;
        HasGradient = hasGradient;
    }

    private Activation(Activation origin, Volume volume)
        : this(volume, origin.values, origin.ChunkStride, origin.HasGradient) => this.origin = origin.Origin;

    public Volume Volume { get; }

    public nint ChunkStride { get; }

    public bool HasGradient { get; }

    /// <summary>The activation whose memory this one is.</summary>
    public Activation Origin => origin ?? this;

    /// <summary>The activation whose gradient's memory is this one's too.</summary>
    public Activation GradientOwner => Origin.gradientOwner is null ? Origin : Origin.gradientOwner.GradientOwner;

    /// <summary>Floats from one chunk's gradient to the next's.</summary>
    public nint GradientStride => GradientOwner.gradientStride;

    /// <summary>The same memory, where the order of its vectors is the same.</summary>
    public Activation Reshape(Volume other) => new(this, other);

    /// <summary>
    /// From now on this one's gradient is the other's: the gradient to an addend is that to the
    /// sum.
    /// </summary>
    public void ShareGradientOf(Activation sum) => Origin.gradientOwner = sum.Origin;

    /// <summary>
    /// True: the gradient is written over the values, by the only reader of both.
    /// </summary>
    public bool HasGradientInPlace => Origin.gradients == values;

    public void PutGradientInPlace() => Origin.SetGradients(values, ChunkStride, int.MaxValue);

    /// <summary>Says where gradients are.</summary>
    /// <param name="memory">Of the first chunk's.</param>
    /// <param name="stride">Floats from one chunk's to the next's.</param>
    /// <param name="held">Chunks whose gradients are there at once; each later one overwrites an
    /// earlier one.</param>
    public void SetGradients(float* memory, nint stride, int held)
    {
        gradients = memory;
        gradientStride = stride;
        heldGradients = held;
    }

    public float* Values(int chunk) => values + (chunk * ChunkStride);

    public float* Gradients(int chunk)
    {
        var owner = GradientOwner;
        return owner.gradients == null ? null : owner.gradients + (chunk % owner.heldGradients * owner.gradientStride);
    }
}
