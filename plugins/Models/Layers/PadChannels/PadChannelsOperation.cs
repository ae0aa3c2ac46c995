namespace Orchestrator.Models;

/// <summary>
/// Copies the channels that are there; the appended ones are zero from the start, and nothing
/// writes them.
/// </summary>
internal sealed unsafe class PadChannelsOperation<TLanes>(Activation input, Activation output) : Operation where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly nint narrow = (nint)input.Volume.Channels * TLanes.Count;
    private readonly nint wide = (nint)output.Volume.Channels * TLanes.Count;

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            for (nint place = 0; place < input.Volume.Places; place++)
            {
                Elementwise<TLanes>.Copy(input.Values(chunk) + (place * narrow), output.Values(chunk) + (place * wide), input.Volume.Channels);
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            for (nint place = 0; place < input.Volume.Places; place++)
            {
                Elementwise<TLanes>.CopyOrAdd(output.Gradients(chunk) + (place * wide), input.Gradients(chunk) + (place * narrow), input.Volume.Channels, Accumulates);
            }
        }
    }
}
