namespace Orchestrator.Models;

/// <summary>
/// Copies the channels of one branch to their place among those of all branches; every branch has
/// an operation of its own, for two may be the same input, whose gradient they add to by turns.
/// </summary>
/// <param name="branch">The branch's end.</param>
/// <param name="output">All branches' channels.</param>
/// <param name="firstChannel">The branch's first channel there.</param>
internal sealed unsafe class ConcatOperation<TLanes>(Activation branch, Activation output, int firstChannel) : Operation where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly nint narrow = (nint)branch.Volume.Channels * TLanes.Count;
    private readonly nint wide = (nint)output.Volume.Channels * TLanes.Count;
    private readonly nint offset = (nint)firstChannel * TLanes.Count;

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            for (nint place = 0; place < branch.Volume.Places; place++)
            {
                Elementwise<TLanes>.Copy(branch.Values(chunk) + (place * narrow), output.Values(chunk) + offset + (place * wide), branch.Volume.Channels);
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; branch.HasGradient && chunk < endChunk; chunk++)
        {
            for (nint place = 0; place < branch.Volume.Places; place++)
            {
                var gradient = output.Gradients(chunk) + offset + (place * wide);
                Elementwise<TLanes>.CopyOrAdd(gradient, branch.Gradients(chunk) + (place * narrow), branch.Volume.Channels, Accumulates);
            }
        }
    }
}
