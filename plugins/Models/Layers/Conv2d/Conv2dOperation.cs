using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// A convolution, with the shortcut that is added to it and the rectifier that follows it where
/// there are such.
/// </summary>
internal sealed unsafe class Conv2dOperation<TLanes> : Operation, IFusesRelu, IFusesShortcut, IReleasesOutput, ILineProducer where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly NamedTensor weight;
    private readonly NamedTensor? bias;
    private readonly Activation input;
    private readonly Activation output;
    private readonly ConvolutionKernel<TLanes> forward;
    private readonly ConvolutionKernel<TLanes>? backward;
    private readonly ConvolutionWeightGradient<TLanes> weightGradient;
    private readonly float* forwardWeights;
    private readonly float* backwardWeights;
    private Activation? shortcut;
    private ILineConsumer? lineConsumer;
    private bool hasReleasedOutput;

    public Conv2dOperation(
        Workspace<TLanes> workspace, ConvolutionShape shape, NamedTensor weight, NamedTensor? bias, Activation input, Activation output)
    {
        (this.weight, this.bias, this.input, this.output) = (weight, bias, input, output);
        forward = ConvolutionKernel<TLanes>.Forward(workspace, shape);
        forwardWeights = workspace.Allocate(forward.PackedLength);
        weightGradient = ConvolutionWeightGradient<TLanes>.Create(workspace, shape);
        weightGradient.KeepsGradient = input.HasGradient;
        if (input.HasGradient)
        {
            backward = ConvolutionKernel<TLanes>.Backward(workspace, shape);
            backwardWeights = workspace.Allocate(backward.PackedLength);
        }
    }

    public bool Rectify { get; set; }

    public override bool TakesWholeGroupBackward => weightGradient.TakesWholeGroup;

    public override bool TakesStripesBackward => weightGradient.TakesStripes;

    // A bias would be what the sums start from; an addend that is the input itself would have its
    // gradient overwritten while that is still read.
    public bool TryAdd(Activation addend)
    {
        if (bias is not null || shortcut is not null || addend.Origin == input.Origin)
        {
            return false;
        }

        shortcut = addend;
        weightGradient.KeepsGradient = true;
        return true;
    }

    public bool ReleaseOutput()
    {
        hasReleasedOutput = true;
        return Rectify;
    }

    // The gradient to the input would need that of the output as a whole.
    public bool CanProduceLines(int height) =>
        backward is null && shortcut is null && forward is DirectConvolution<TLanes> { GoesByLines: true }
        && weightGradient is DirectWeightGradient<TLanes> direct && direct.GoesByLines(height);

    public void SendLinesTo(ILineConsumer consumer) => lineConsumer = consumer;

    public override void Begin(Pass pass, Random? random)
    {
        var weights = pass.Parameters + weight.Offset;
        forward.Pack(forwardWeights, weights);
        if (pass.Training)
        {
            backward?.Pack(backwardWeights, weights);
            weightGradient.Clear();
        }
    }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        var start = bias is not null ? TileStart.Bias : shortcut is not null ? TileStart.Vectors : TileStart.Zero;
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var initial = bias is not null ? pass.Parameters + bias.Offset : shortcut is not null ? shortcut.Values(chunk) : null;
            if (lineConsumer is not null && forward is DirectConvolution<TLanes> convolution)
            {
                convolution.RunByLines(lineConsumer, chunk, forwardWeights, input.Values(chunk), output.Values(0), initial, start, Rectify);
                continue;
            }

            forward.Run(forwardWeights, input.Values(chunk), output.Values(chunk), initial, start, Rectify);
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        if (lineConsumer is not null && weightGradient is DirectWeightGradient<TLanes> direct)
        {
            direct.RunByLines(lineConsumer, output.Gradients(0), input, firstChunk, endChunk);
            return;
        }

        weightGradient.Run(output, Rectify && !hasReleasedOutput, input, firstChunk, endChunk, pass.Gradient + weight.Offset, pass.FirstSample == 0);
        for (var chunk = firstChunk; backward is not null && chunk < endChunk; chunk++)
        {
            var to = input.Gradients(chunk);
            backward.Run(backwardWeights, output.Gradients(chunk), to, to, Accumulates ? TileStart.Vectors : TileStart.Zero, false);
        }
    }

    public override void End(Pass pass) => weightGradient.Finish(pass.Gradient + weight.Offset, bias is null ? null : pass.Gradient + bias.Offset);
}
