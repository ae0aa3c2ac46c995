using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>Dropout. The mask is computed anew in the backward pass rather than kept.</summary>
internal sealed unsafe class DropoutOperation<TLanes> : Operation where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly Activation input;
    private readonly Activation output;
    private readonly double rate;

    // Of all samples of the batch, drawn at its start: the order of the draws must not depend on
    // groups, chunks or lanes.
    private readonly float* firstKeys;
    private readonly float* secondKeys;

    public DropoutOperation(Workspace<TLanes> workspace, double rate, Activation input, Activation output)
    {
        (this.rate, this.input, this.output) = (rate, input, output);
        var padded = workspace.LargestBatch + TLanes.Count;
        firstKeys = workspace.Allocate(padded);
        secondKeys = workspace.Allocate(padded);
    }

    public override void Begin(Pass pass, Random? random)
    {
        if (random is not null)
        {
            DropoutMask.DrawKeys(random, new Span<uint>(firstKeys, pass.BatchSamples), new Span<uint>(secondKeys, pass.BatchSamples));
        }
    }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            if (pass.Training)
            {
                Mask(input.Values(chunk), output.Values(chunk), FirstSample(pass, chunk), adds: false);
            }
            else
            {
                Elementwise<TLanes>.Copy(input.Values(chunk), output.Values(chunk), input.Volume.Length);
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            Mask(output.Gradients(chunk), input.Gradients(chunk), FirstSample(pass, chunk), Accumulates);
        }
    }

    private static int FirstSample(Pass pass, int chunk) => pass.FirstSample + (chunk * TLanes.Count);

    private void Mask(float* from, float* to, int sample, bool adds)
    {
        var (first, second) = (TLanes.Load(firstKeys + sample), TLanes.Load(secondKeys + sample));
        var threshold = TLanes.CreateBits(DropoutMask.Threshold(rate));
        var scale = TLanes.Create(DropoutMask.Scale(rate));
        for (var i = 0; i < input.Volume.Length; i++, from += TLanes.Count, to += TLanes.Count)
        {
            var masked = TLanes.And(DropoutMaskLanes<TLanes>.Stays((uint)i, first, second, threshold), TLanes.Load(from) * scale);
            TLanes.Store(to, adds ? TLanes.Load(to) + masked : masked);
        }
    }
}
