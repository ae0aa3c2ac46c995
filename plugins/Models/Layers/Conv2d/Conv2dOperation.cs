using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>A convolution, with the shortcut that is added to it and the rectifier that follows it where there are such.</summary>
internal sealed unsafe class Conv2dOperation<TLanes> : Operation, IRectifies, IAddsShortcut, IYieldsOutput, IServesLines where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly NamedTensor weight;
    private readonly NamedTensor? bias;
    private readonly Activation input;
    private readonly Activation output;
    private readonly PlaceSum<TLanes> forward;
    private readonly PlaceSum<TLanes>? backward;
    private readonly WeightProducts<TLanes> products;
    private readonly float* forwardWeights;
    private readonly float* backwardWeights;
    private Activation? shortcut;
    private ILineReader? lineReader;
    private bool hasYielded;

    public Conv2dOperation(
        Workspace<TLanes> workspace, ConvolutionShape shape, NamedTensor weight, NamedTensor? bias, Activation input, Activation output)
    {
        (this.weight, this.bias, this.input, this.output) = (weight, bias, input, output);
        forward = PlaceSum<TLanes>.Forward(workspace, shape);
        forwardWeights = workspace.Allocate(forward.PackedLength);
        products = WeightProducts<TLanes>.Create(workspace, shape);
        products.KeepsGradient = input.HasGradient;
        if (input.HasGradient)
        {
            backward = PlaceSum<TLanes>.Backward(workspace, shape);
            backwardWeights = workspace.Allocate(backward.PackedLength);
        }
    }

    public bool Rectify { get; set; }

    public override bool TakesWholeGroupBackward => products.TakesWholeGroup;

    // A bias would be what the sums start from; an addend that is the input itself would have its gradient overwritten while that is still read.
    public bool TryAdd(Activation addend)
    {
        if (bias is not null || shortcut is not null || addend.Origin == input.Origin)
        {
            return false;
        }

        shortcut = addend;
        products.KeepsGradient = true;
        return true;
    }

    public bool YieldOutput()
    {
        hasYielded = true;
        return Rectify;
    }

    // The gradient to the input would need that of the output as a whole.
    public bool CanServe(int height) =>
        backward is null && shortcut is null && forward is TapSum<TLanes> sum && sum.GoesByLines && products is TapProducts<TLanes> taps && taps.GoesByLines(height);

    public void Serve(ILineReader reader) => lineReader = reader;

    public override void Begin(Pass pass, Random? random)
    {
        var weights = pass.Parameters + weight.Offset;
        forward.Pack(forwardWeights, weights);
        if (pass.Training)
        {
            backward?.Pack(backwardWeights, weights);
            products.Clear();
        }
    }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        var start = bias is not null ? TileStart.Bias : shortcut is not null ? TileStart.Vectors : TileStart.Zero;
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var initial = bias is not null ? pass.Parameters + bias.Offset : shortcut is not null ? shortcut.Values(chunk) : null;
            if (lineReader is not null && forward is TapSum<TLanes> sum)
            {
                sum.RunByLines(lineReader, chunk, forwardWeights, input.Values(chunk), output.Values(0), initial, start, Rectify);
                continue;
            }

            forward.Run(forwardWeights, input.Values(chunk), output.Values(chunk), initial, start, Rectify);
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        if (lineReader is not null && products is TapProducts<TLanes> taps)
        {
            taps.RunByLines(lineReader, output.Gradients(0), input, firstChunk, endChunk);
            return;
        }

        products.Run(output, Rectify && !hasYielded, input, firstChunk, endChunk, pass.Gradient + weight.Offset, pass.FirstSample == 0);
        for (var chunk = firstChunk; backward is not null && chunk < endChunk; chunk++)
        {
            var to = input.Gradients(chunk);
            backward.Run(backwardWeights, output.Gradients(chunk), to, to, Accumulates ? TileStart.Vectors : TileStart.Zero, false);
        }
    }

    public override void End(Pass pass) => products.Finish(pass.Gradient + weight.Offset, bias is null ? null : pass.Gradient + bias.Offset);
}
