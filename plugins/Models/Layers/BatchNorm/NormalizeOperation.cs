namespace Orchestrator.Models;

/// <summary>
/// The second half of batch-norm: y = Scale · (x - Mean) + Shift, with the shortcut that is added
/// to it and the rectifier that follows it where there are such. Backward it sums what the first
/// half needs.
/// </summary>
internal sealed unsafe class NormalizeOperation<TLanes>(BatchStatistics<TLanes> statistics, Activation input, Activation output) : Operation, IFusesRelu, IFusesShortcut
    where TLanes : unmanaged, ILanes<TLanes>
{
    private Activation? shortcut;

    public bool Rectify { get; set; }

    public override bool StartsSegment => true;

    public bool TryAdd(Activation addend)
    {
        if (shortcut is not null)
        {
            return false;
        }

        shortcut = addend;
        return true;
    }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        if (firstChunk == 0)
        {
            statistics.Finish(pass);
        }

        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            Normalize(input.Values(chunk), shortcut is null ? null : shortcut.Values(chunk), output.Values(chunk), statistics.Shift(pass));
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            statistics.AddGradients(pass, chunk, output.Gradients(chunk), Rectify ? output.Values(chunk) : null);
        }
    }

    private void Normalize(float* from, float* other, float* to, float* shift)
    {
        var zero = TLanes.Create(0);
        nint at = 0;
        for (var place = input.Volume.Places; place > 0; place--)
        {
            for (var channel = 0; channel < input.Volume.Channels; channel++, at += TLanes.Count)
            {
                var centred = TLanes.Load(from + at) - TLanes.Broadcast(statistics.Mean + channel);
                var y = TLanes.FusedMultiplyAdd(centred, TLanes.Broadcast(statistics.Scale + channel), TLanes.Broadcast(shift + channel));
                y = other == null ? y : y + TLanes.Load(other + at);
                TLanes.Store(to + at, Rectify ? TLanes.Max(zero, y) : y);
            }
        }
    }
}
