using System.Runtime.CompilerServices;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Lines of output places whose products with all taps are added in one go, for any piece with so
/// many channels. Planned once; adding is a walk over a list of register tiles.
/// </summary>
internal sealed unsafe class WeightGradientBlock<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly ConvolutionShape shape;
    private readonly int rows;
    private readonly List<Tile> planned = [];
    private readonly ProductStrides[] strides;
    private readonly Tile[] tiles;
    private int segments;

    /// <param name="shape">Of the convolution.</param>
    /// <param name="rows">Channels of a piece.</param>
    /// <param name="lines">Of the output.</param>
    /// <param name="plan">From <see cref="TapSegment.Plan"/>.</param>
    public WeightGradientBlock(ConvolutionShape shape, int rows, Piece lines, TapSegment[] plan)
    {
        (this.shape, this.rows, Lines) = (shape, rows, lines);
        strides = GC.AllocateArray<ProductStrides>(Math.Max(plan.Length, shape.Kernel), pinned: true);
        if (Slides(shape, rows))
        {
            for (var kernelLine = 0; kernelLine < shape.Kernel; kernelLine++)
            {
                PlanSliding(kernelLine);
            }
        }
        else
        {
            foreach (var segment in plan)
            {
                Plan(segment);
            }
        }

        tiles = [.. planned];
        planned.Clear();
    }

    public Piece Lines { get; }

    /// <summary>
    /// True if a line's inputs slide through the three columns of a tile, each loaded once.
    /// </summary>
    public static bool Slides(ConvolutionShape shape, int rows) =>
        shape is { Kernel: 3, Stride: 1, Padding: <= 1 } && Tiling.WidestColumns(rows, TLanes.Registers) >= 3;

    /// <summary>Adds to a piece's sums.</summary>
    /// <param name="factors">The piece's gradients at the block's places,
    /// <c>[place][row]</c>.</param>
    /// <param name="input">A chunk.</param>
    /// <param name="sums">The piece's.</param>
    public void Add(float* factors, float* input, float* sums)
    {
        foreach (ref readonly var tile in tiles.AsSpan())
        {
            tile.Kernel(tile.Strides, factors + tile.Factors, input + tile.Source, sums + tile.Sum);
        }
    }

    // The three taps of a kernel line, channel by channel.
    private void PlanSliding(int kernelLine)
    {
        var output = shape.Output;
        var lines = Lines.Intersect(TapSegment.Seen(kernelLine, shape.Input.Height, output.Height, shape));
        if (lines.Length == 0)
        {
            return;
        }

        var lanes = TLanes.Count;
        var address = Strides(lines, new Piece(0, output.Width), shape.Kernel * lanes);
        address->IsPadded = shape.Padding == 1;
        var order = SumOrder.Sliding(shape, rows);
        for (var channel = 0; channel < shape.Input.Channels; channel++)
        {
            planned.Add(new Tile
            {
                Kernel = ProductKernels<TLanes>.SlidingFor(rows),
                Strides = address,
                Factors = (lines.Start - Lines.Start) * address->FactorLine,
                Source = Source(lines.Start, kernelLine, 0, 0) + (channel * lanes),
                Sum = (((nint)kernelLine * order.Line) + ((nint)channel * order.Channel)) * lanes,
            });
        }
    }

    private void Plan(in TapSegment segment)
    {
        var lines = Lines.Intersect(segment.Lines);
        if (lines.Length == 0 || segment.Places.Length == 0)
        {
            return;
        }

        var lanes = TLanes.Count;
        var address = Strides(lines, segment.Places, (nint)shape.Taps * lanes);
        address->SourceColumn = lanes;
        var order = SumOrder.Neighbours(shape);
        var columns = segment.KernelPlaces * shape.Input.Channels;
        var cuts = Tiling.PiecesOf(columns, Tiling.WidestColumns(rows, TLanes.Registers));
        for (var index = 0; index < cuts; index++)
        {
            var cut = Tiling.Cut(columns, cuts, index);
            planned.Add(new Tile
            {
                Kernel = ProductKernels<TLanes>.For(rows, cut.Length),
                Strides = address,
                Factors = ((lines.Start - Lines.Start) * address->FactorLine) + (segment.Places.Start * address->FactorPlace),
                Source = Source(lines.Start, segment.KernelLine, segment.Places.Start, segment.KernelPlace) + (cut.Start * lanes),
                Sum = (((nint)segment.KernelLine * order.Line) + (segment.KernelPlace * order.Place) + cut.Start) * lanes,
            });
        }
    }

    private ProductStrides* Strides(Piece lines, Piece places, nint destinationRow)
    {
        var (input, lanes) = (shape.Input, TLanes.Count);
        ref var next = ref strides[segments++];
        next = new ProductStrides
        {
            Lines = lines.Length,
            Places = places.Length,
            FactorPlace = rows * lanes,
            FactorLine = (nint)shape.Output.Width * rows * lanes,
            SourcePlace = (nint)shape.Stride * input.Channels * lanes,
            SourceLine = (nint)shape.Stride * input.Width * input.Channels * lanes,
            DestinationRow = destinationRow,
            DestinationColumn = lanes,
        };
        return (ProductStrides*)Unsafe.AsPointer(ref next);
    }

    // The input that a tap multiplies at an output place; outside the line where a sliding tap
    // begins in the padding.
    private nint Source(int line, int kernelLine, int place, int kernelPlace)
    {
        nint y = (line * shape.Stride) - shape.Padding + kernelLine;
        nint x = (place * shape.Stride) - shape.Padding + kernelPlace;
        return ((y * shape.Input.Width) + x) * shape.Input.Channels * TLanes.Count;
    }

    private struct Tile
    {
        public delegate*<ProductStrides*, float*, float*, float*, void> Kernel;
        public ProductStrides* Strides;
        public nint Factors;
        public nint Source;
        public nint Sum;
    }
}
