namespace Orchestrator.Models;

/// <summary>
/// What one gradient or evaluation works on. Batches larger than a group are taken group by group.
/// </summary>
internal sealed unsafe class Pass
{
    public float* Parameters { get; private set; }

    public float* Buffers { get; private set; }

    /// <summary>Null in an evaluation.</summary>
    public float* Gradient { get; private set; }

    /// <summary>Null in an evaluation.</summary>
    public float* PushedBuffers { get; private set; }

    public bool Training { get; set; }

    /// <summary>Samples in the whole batch.</summary>
    public int BatchSamples { get; set; }

    /// <summary>First sample of the group, counted in the batch.</summary>
    public int FirstSample { get; set; }

    /// <summary>Samples in the group.</summary>
    public int Samples { get; set; }

    /// <summary>
    /// Chunks in the group; the last may have lanes without a sample, whose inputs are zero and
    /// whose gradients are zero.
    /// </summary>
    public int Chunks { get; set; }

    public void Bind(float* parameters, float* buffers, float* gradient, float* pushedBuffers)
    {
        Parameters = parameters;
        Buffers = buffers;
        Gradient = gradient;
        PushedBuffers = pushedBuffers;
    }
}
