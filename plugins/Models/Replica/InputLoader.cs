using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Turns rows of samples into chunks of lanes. Padding that the first layer wants around an image
/// is zero from the start and stays so.
/// </summary>
internal sealed unsafe class InputLoader<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Volume volume;
    private readonly Activation target;
    private readonly float* rows;
    private readonly float* transposed;

    /// <param name="workspace">Owner of the memory.</param>
    /// <param name="volume">One sample as it comes.</param>
    /// <param name="padding">Places added on each side.</param>
    public InputLoader(Workspace<TLanes> workspace, Volume volume, int padding)
    {
        this.volume = volume;
        Padding = padding;
        target = workspace.CreateActivation(new Volume(volume.Channels, volume.Height + (2 * padding), volume.Width + (2 * padding)), withGradient: false);
        rows = workspace.Allocate((long)TLanes.Count * TLanes.Count);
        transposed = workspace.Allocate((long)TLanes.Count * TLanes.Count);
    }

    public Activation Target => target;

    private int Padding { get; }

    /// <summary>Lanes from <paramref name="samples"/> on become zero.</summary>
    public void Load(float* inputs, int samples, int chunk)
    {
        var to = target.Values(chunk);
        var (place, lineWidth) = ((nint)volume.Channels * TLanes.Count, target.Volume.Width);
        if (volume.IsFlat)
        {
            LoadLine(inputs, volume.Channels, samples, to + (((Padding * lineWidth) + Padding) * place), TLanes.Count);
            return;
        }

        for (var channel = 0; channel < volume.Channels; channel++)
        {
            for (var y = 0; y < volume.Height; y++, inputs += volume.Width)
            {
                var first = to + ((((y + Padding) * lineWidth) + Padding) * place) + (channel * TLanes.Count);
                LoadLine(inputs, volume.Width, samples, first, place);
            }
        }
    }

    // Neighbouring floats of each sample, to vectors a stride apart.
    private void LoadLine(float* from, int count, int samples, float* to, nint stride)
    {
        var i = 0;
        if (samples >= TLanes.Count)
        {
            for (; i + TLanes.Count <= count; i += TLanes.Count)
            {
                TLanes.Transpose(from + i, volume.Length, to + (i * stride), stride);
            }

            // The rest together with some before it, which are written again.
            if (i < count && count > TLanes.Count)
            {
                var last = count - TLanes.Count;
                TLanes.Transpose(from + last, volume.Length, to + (last * stride), stride);
                return;
            }
        }

        for (; i < count; i += TLanes.Count)
        {
            LoadEdge(from + i, Math.Min(TLanes.Count, count - i), Math.Min(samples, TLanes.Count), to + (i * stride), stride);
        }
    }

    private void LoadEdge(float* from, int count, int samples, float* to, nint stride)
    {
        new Span<float>(rows, TLanes.Count * TLanes.Count).Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            new ReadOnlySpan<float>(from + ((nint)sample * volume.Length), count).CopyTo(new Span<float>(rows + (sample * TLanes.Count), count));
        }

        TLanes.Transpose(rows, TLanes.Count, transposed, TLanes.Count);
        for (var i = 0; i < count; i++)
        {
            TLanes.Store(to + (i * stride), TLanes.Load(transposed + (i * TLanes.Count)));
        }
    }
}
