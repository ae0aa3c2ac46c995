namespace Orchestrator.Models;

/// <summary>Moves whole vectors from [place][channel] to [channel][place].</summary>
internal sealed unsafe class FlattenOperation<TLanes>(Activation input, Activation output) : Operation where TLanes : unmanaged, ILanes<TLanes>
{
    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            Move(input.Values(chunk), output.Values(chunk));
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            MoveBack(output.Gradients(chunk), input.Gradients(chunk));
        }
    }

    private void Move(float* from, float* to)
    {
        var (channels, places) = (input.Volume.Channels, input.Volume.Places);
        for (nint channel = 0; channel < channels; channel++)
        {
            for (nint place = 0; place < places; place++, to += TLanes.Count)
            {
                TLanes.Store(to, TLanes.Load(from + (((place * channels) + channel) * TLanes.Count)));
            }
        }
    }

    private void MoveBack(float* from, float* to)
    {
        var (channels, places) = (input.Volume.Channels, input.Volume.Places);
        for (nint channel = 0; channel < channels; channel++)
        {
            for (nint place = 0; place < places; place++, from += TLanes.Count)
            {
                var target = to + (((place * channels) + channel) * TLanes.Count);
                TLanes.Store(target, Accumulates ? TLanes.Load(target) + TLanes.Load(from) : TLanes.Load(from));
            }
        }
    }
}
