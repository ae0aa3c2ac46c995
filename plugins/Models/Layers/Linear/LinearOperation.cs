using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// A fully connected layer over all chunks of a group: places are chunks, so that forward and
/// backward to the data are the sums of a 1x1 convolution. The weight gradient sums over samples
/// instead, with lanes along the inputs; <see cref="LinearWeightGradient{TLanes}"/>.
/// </summary>
internal sealed unsafe class LinearOperation<TLanes> : Operation, IFusesRelu where TLanes : unmanaged, ILanes<TLanes>
{
    // Steps of a forward pass over all rows: their inputs, with four chunks of 16 lanes, stay in
    // the second-level cache.
    private const int BlockSteps = 1024;

    // Columns of weights packed together on the way back: a step is far from the next in memory, so
    // several cache lines of it are taken at once.
    private const int PackedColumns = 64;

    // Fewer weights than these, of 256 KiB, are not packed: they stay in the second-level cache.
    private const int FewWeights = 65536;

    private readonly NamedTensor weight;
    private readonly NamedTensor? bias;
    private readonly Activation input;
    private readonly Activation output;
    private readonly LinearWeightGradient<TLanes> weightGradient;
    private readonly int inputs;
    private readonly int outputs;
    private readonly float* packed;
    private readonly float* biasSums;

    public LinearOperation(Workspace<TLanes> workspace, NamedTensor weight, NamedTensor? bias, Activation input, Activation output)
    {
        (this.weight, this.bias, this.input, this.output) = (weight, bias, input, output);
        (inputs, outputs) = (input.Volume.Channels, output.Volume.Channels);
        packed = workspace.Allocate(PackedColumns * (long)outputs);
        biasSums = workspace.Allocate((long)outputs * LogicalLanes<TLanes>.Count);
        weightGradient = new LinearWeightGradient<TLanes>(workspace, input, output);
    }

    public override bool TakesWholeGroup => true;

    public bool Rectify { get; set; }

    private nint BiasFloats => (nint)outputs * TLanes.Count;

    public override void Begin(Pass pass, Random? random) => new Span<float>(biasSums, outputs * LogicalLanes<TLanes>.Count).Clear();

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        var weights = pass.Parameters + weight.Offset;
        for (var step = 0; step < inputs; step += BlockSteps)
        {
            var strides = Strides(Math.Min(BlockSteps, inputs - step), input.ChunkStride, output.ChunkStride);
            (strides.FactorStep, strides.FactorRow) = (1, inputs);
            var start = step > 0 ? TileStart.Vectors : bias is null ? TileStart.Zero : TileStart.Bias;
            var values = bias is null ? null : pass.Parameters + bias.Offset;
            var source = input.Values(firstChunk) + ((nint)step * TLanes.Count);
            Sum<Distant>(strides, weights + step, source, output.Values(firstChunk), outputs, endChunk - firstChunk, values, start, Rectify && step + strides.Steps == inputs);
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            if (Rectify)
            {
                Elementwise<TLanes>.MaskWhereNotPositive(output.Values(chunk), output.Gradients(chunk), outputs);
            }

            Elementwise<TLanes>.Add(output.Gradients(chunk), biasSums + (LogicalLanes<TLanes>.PlaceOf(chunk) * BiasFloats), outputs);
        }

        weightGradient.Run(pass, pass.Gradient + weight.Offset);
        if (input.HasGradient)
        {
            BackwardData(pass.Parameters + weight.Offset, firstChunk, endChunk);
        }
    }

    public override void End(Pass pass)
    {
        if (bias is not null)
        {
            LaneSums<TLanes>.Fold(biasSums, BiasFloats, pass.Gradient + bias.Offset, outputs);
        }
    }

    private void BackwardData(float* weights, int firstChunk, int endChunk)
    {
        var strides = Strides(outputs, output.GradientStride, input.GradientStride);
        var gradients = output.Gradients(firstChunk);
        var to = input.Gradients(firstChunk);
        var start = Accumulates ? TileStart.Vectors : TileStart.Zero;
        if (inputs * (long)outputs < FewWeights)
        {
            strides.FactorStep = inputs;
            Sum<Neighbours>(strides, weights, gradients, to, inputs, endChunk - firstChunk, null, start, false);
            return;
        }

        strides.FactorStep = PackedColumns;
        for (var row = 0; row < inputs; row += PackedColumns)
        {
            var rows = Math.Min(PackedColumns, inputs - row);
            for (var step = 0; step < outputs; step++)
            {
                new ReadOnlySpan<float>(weights + ((nint)step * inputs) + row, rows).CopyTo(new Span<float>(packed + ((nint)step * PackedColumns), rows));
            }

            Sum<Neighbours>(strides, packed, gradients, to + ((nint)row * TLanes.Count), rows, endChunk - firstChunk, null, start, false);
        }
    }

    // Places are chunks, which stand a stride apart.
    private static OuterStrides Strides(int steps, nint sourceChunk, nint destinationChunk) => new()
    {
        Segments = 1,
        Steps = steps,
        SourceStep = TLanes.Count,
        SourceColumn = sourceChunk,
        DestinationRow = TLanes.Count,
        DestinationColumn = destinationChunk,
    };

    // All rows, for every chunk.
    private static void Sum<TFactors>(
        OuterStrides strides, float* factors, float* source, float* destination, int rows, int chunks, float* values, TileStart start, bool rectify)
        where TFactors : IFactorOrder
    {
        for (int row = 0, length; row < rows; row += length)
        {
            length = Tiling.NextRows(rows - row, TLanes.Registers);
            var cuts = Tiling.PiecesOf(chunks, Tiling.WidestColumns(length, TLanes.Registers));
            for (var index = 0; index < cuts; index++)
            {
                var cut = Tiling.Cut(chunks, cuts, index);
                var target = destination + ((nint)row * TLanes.Count) + (cut.Start * strides.DestinationColumn);
                OuterKernels<TLanes>.For<TFactors>(length, cut.Length)(
                    &strides, factors + (row * TFactors.Row(strides.FactorRow)), source + (cut.Start * strides.SourceColumn), target,
                    start == TileStart.Vectors ? target : values + row, start, rectify);
            }
        }
    }
}
