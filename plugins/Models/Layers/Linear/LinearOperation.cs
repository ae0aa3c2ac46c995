using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// A fully connected layer over all chunks of a group: places are chunks, so that forward and backward to the data are the sums of a 1x1 convolution.
/// The weight gradient sums over samples instead, with lanes along the inputs; <see cref="LinearWeightGradient{TLanes}"/>.
/// </summary>
internal sealed unsafe class LinearOperation<TLanes> : Operation, IRectifies where TLanes : unmanaged, ILanes<TLanes>
{
    // Rows of weights packed together: a cache line of floats.
    private const int PackedRows = 16;

    // Columns of weights packed together on the way back: a step is far from the next in memory, so several cache lines of it are taken at once.
    private const int PackedColumns = 4 * PackedRows;

    // Steps per packed block: with 16 rows, 64 KiB that stay in the second-level cache.
    private const int BlockSteps = 1024;

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
        packed = workspace.Allocate(Math.Max(PackedRows * (long)BlockSteps, PackedColumns * (long)outputs));
        biasSums = workspace.Allocate((long)outputs * TLanes.Count);
        weightGradient = new LinearWeightGradient<TLanes>(workspace, input, output);
    }

    public override bool TakesWholeGroup => true;

    public bool Rectify { get; set; }

    public override void Begin(Pass pass, Random? random) => new Span<float>(biasSums, outputs * TLanes.Count).Clear();

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        var weights = pass.Parameters + weight.Offset;
        for (var step = 0; step < inputs; step += BlockSteps)
        {
            var steps = Math.Min(BlockSteps, inputs - step);
            var start = step > 0 ? TileStart.Vectors : bias is null ? TileStart.Zero : TileStart.Bias;
            for (var row = 0; row < outputs; row += PackedRows)
            {
                var rows = Math.Min(PackedRows, outputs - row);
                PackTransposed(weights + ((nint)row * inputs) + step, rows, steps);
                var values = bias is null ? null : pass.Parameters + bias.Offset + row;
                Sum(input.Values(firstChunk) + ((nint)step * TLanes.Count), input.ChunkStride, steps, PackedRows, rows,
                    output.Values(firstChunk) + ((nint)row * TLanes.Count), output.ChunkStride, endChunk - firstChunk,
                    values, start, Rectify && step + steps == inputs);
            }
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

            Elementwise<TLanes>.Add(output.Gradients(chunk), biasSums, outputs);
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
            LaneSums<TLanes>.Fold(biasSums, pass.Gradient + bias.Offset, outputs);
        }
    }

    private void BackwardData(float* weights, int firstChunk, int endChunk)
    {
        for (var row = 0; row < inputs; row += PackedColumns)
        {
            var rows = Math.Min(PackedColumns, inputs - row);
            for (var step = 0; step < outputs; step++)
            {
                new ReadOnlySpan<float>(weights + ((nint)step * inputs) + row, rows).CopyTo(new Span<float>(packed + ((nint)step * PackedColumns), rows));
            }

            Sum(output.Gradients(firstChunk), output.GradientStride, outputs, PackedColumns, rows,
                input.Gradients(firstChunk) + ((nint)row * TLanes.Count), input.GradientStride, endChunk - firstChunk,
                null, Accumulates ? TileStart.Vectors : TileStart.Zero, false);
        }
    }

    private void PackTransposed(float* weights, int rows, int steps)
    {
        var (row, wholeSteps) = (0, steps - (steps % TLanes.Count));
        for (; row + TLanes.Count <= rows; row += TLanes.Count)
        {
            for (var step = 0; step < wholeSteps; step += TLanes.Count)
            {
                TLanes.Transpose(weights + ((nint)row * inputs) + step, inputs, packed + ((nint)step * PackedRows) + row, PackedRows);
            }
        }

        for (var r = 0; r < rows; r++)
        {
            for (var step = r < row ? wholeSteps : 0; step < steps; step++)
            {
                packed[((nint)step * PackedRows) + r] = weights[((nint)r * inputs) + step];
            }
        }
    }

    // Every row of a packed block, for every chunk.
    private void Sum(
        float* source, nint sourceChunk, int steps, int packedRows, int rows, float* destination, nint destinationChunk, int chunks, float* values, TileStart start, bool rectify)
    {
        var strides = new OuterStrides
        {
            Stretches = 1,
            Steps = steps,
            FactorStep = packedRows,
            SourceStep = TLanes.Count,
            SourceColumn = sourceChunk,
            DestinationRow = TLanes.Count,
            DestinationColumn = destinationChunk,
        };
        for (int row = 0, length; row < rows; row += length)
        {
            length = Tiling.NextRows(rows - row, TLanes.Registers);
            var cuts = Tiling.PiecesOf(chunks, Tiling.WidestColumns(length, TLanes.Registers));
            for (var index = 0; index < cuts; index++)
            {
                var cut = Tiling.Cut(chunks, cuts, index);
                var target = destination + ((nint)row * TLanes.Count) + (cut.Start * destinationChunk);
                OuterKernels<TLanes>.For<Neighbours>(length, cut.Length)(
                    &strides, packed + row, source + (cut.Start * sourceChunk), target, start == TileStart.Vectors ? target : values + row, start, rectify);
            }
        }
    }
}
