using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A convolution, with the rectifier that follows it where there is one.</summary>
internal sealed unsafe class Conv2dOperation<TLanes> : Operation, IRectifies where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly ConvolutionShape shape;
    private readonly NamedTensor weight;
    private readonly NamedTensor? bias;
    private readonly Activation input;
    private readonly Activation output;
    private readonly TapSum<TLanes> forward;
    private readonly TapSum<TLanes>? backward;
    private readonly TapProducts<TLanes> products;
    private readonly int[] forwardTaps;
    private readonly int[] backwardTaps = [];
    private readonly float* forwardWeights;
    private readonly float* backwardWeights;
    private readonly float* biasSums;

    public Conv2dOperation(
        Workspace<TLanes> workspace, ConvolutionShape shape, NamedTensor weight, NamedTensor? bias, Activation input, Activation output)
    {
        (this.shape, this.weight, this.bias, this.input, this.output) = (shape, weight, bias, input, output);
        var (from, to, kernel) = (shape.Input, shape.Output, shape.Kernel);
        forward = new TapSum<TLanes>(
            TapAxis.Forward(from.Height, to.Height, kernel, shape.Stride, shape.Padding),
            TapAxis.Forward(from.Width, to.Width, kernel, shape.Stride, shape.Padding), kernel, from, to);
        var order = Enumerable.Range(0, kernel).ToArray();
        forwardTaps = TapOffsets(order, from.Channels, kernel * kernel);
        forwardWeights = workspace.Allocate(forward.PackedLength);
        products = new TapProducts<TLanes>(workspace, shape);
        biasSums = workspace.Allocate((long)shape.Channels * TLanes.Count);
        if (input.HasGradient)
        {
            backward = new TapSum<TLanes>(
                TapAxis.Backward(from.Height, to.Height, kernel, shape.Stride, shape.Padding),
                TapAxis.Backward(from.Width, to.Width, kernel, shape.Stride, shape.Padding), kernel, to, from);
            backwardTaps = TapOffsets(TapAxis.BackwardOrder(kernel, shape.Stride), to.Channels, shape.Taps);
            backwardWeights = workspace.Allocate(backward.PackedLength);
        }
    }

    public bool Rectify { get; set; }

    public override void Begin(Pass pass, Random? random)
    {
        var weights = pass.Parameters + weight.Offset;
        forward.Pack(forwardWeights, weights, forwardTaps, shape.Taps);
        if (pass.Training)
        {
            backward?.Pack(backwardWeights, weights, backwardTaps, shape.Kernel * shape.Kernel);
            products.Clear();
            new Span<float>(biasSums, shape.Channels * TLanes.Count).Clear();
        }
    }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        var start = bias is null ? TileStart.Zero : TileStart.Bias;
        var values = bias is null ? null : pass.Parameters + bias.Offset;
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            forward.Run(forwardWeights, input.Values(chunk), output.Values(chunk), values, start, Rectify);
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var gradients = output.Gradients(chunk);
            if (Rectify)
            {
                Elementwise<TLanes>.MaskWhereNotPositive(output.Values(chunk), gradients, shape.Output.Length);
            }

            if (bias is not null)
            {
                Elementwise<TLanes>.AddPlaces(gradients, shape.Output.Places, shape.Channels, biasSums);
            }

            products.Run(gradients, input.Values(chunk));
            backward?.Run(backwardWeights, gradients, input.Gradients(chunk), null, Accumulates ? TileStart.Destination : TileStart.Zero, false);
        }
    }

    public override void End(Pass pass)
    {
        products.Fold(pass.Gradient + weight.Offset);
        if (bias is not null)
        {
            LaneSums<TLanes>.Fold(biasSums, pass.Gradient + bias.Offset, shape.Channels);
        }
    }

    private static int[] TapOffsets(int[] order, int channels, int channelStride) =>
        [.. from line in order from place in order from channel in Enumerable.Range(0, channels) select (channel * channelStride) + (line * order.Length) + place];
}
