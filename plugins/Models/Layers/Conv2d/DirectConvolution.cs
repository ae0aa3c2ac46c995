using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The sums tap by tap, of any shape. Planned once; running it is a walk over a list of register
/// tiles.
/// </summary>
internal sealed unsafe class DirectConvolution<TLanes> : ConvolutionKernel<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Tiles that share one piece's weights while these are in the first-level cache, and their
    // sources while the next piece's weights come.
    private const int TilesPerBlock = 9;

    private readonly RowGroup[] groups;
    private readonly Volume places;
    private readonly int[] tapOffsets;
    private readonly int rowStride;

    // tapOffsets: where in a row's weights each tap of each source channel is, in the order of the
    // walk; rowStride: from one row's weights to the next's.
    private DirectConvolution(List<TapSpan> vertical, List<TapSpan> horizontal, int kernel, Volume source, Volume destination, int[] tapOffsets, int rowStride)
    {
        (places, this.tapOffsets, this.rowStride) = (destination, tapOffsets, rowStride);
        PackedLength = tapOffsets.Length * destination.Channels;
        var regions = vertical.SelectMany(v => horizontal.Select(h => new ConvolutionRegion(v, h, kernel, source, destination, TLanes.Count))).ToArray();
        groups = [.. Tiling.Rows(destination.Channels, TLanes.Registers).GroupBy(piece => piece.Length).Select(pieces => new RowGroup([.. pieces], regions, tapOffsets, rowStride))];
        GoesByLines = regions.Length == 1 && !regions[0].IsTall && groups.Length == 1 && IsInLines(groups[0]);
    }

    public override int PackedLength { get; }

    /// <summary>True if it can be run line by line.</summary>
    public bool GoesByLines { get; }

    private nint LineFloats => (nint)places.Width * places.Channels * TLanes.Count;

    public static DirectConvolution<TLanes> Forward(ConvolutionShape shape)
    {
        var (from, to, kernel) = (shape.Input, shape.Output, shape.Kernel);
        var vertical = TapAxis.Forward(from.Height, to.Height, kernel, shape.Stride, shape.Padding);
        var horizontal = TapAxis.Forward(from.Width, to.Width, kernel, shape.Stride, shape.Padding);
        return new(vertical, horizontal, kernel, from, to, TapOffsets([.. Enumerable.Range(0, kernel)], from.Channels, kernel * kernel), shape.Taps);
    }

    public static DirectConvolution<TLanes> Backward(ConvolutionShape shape)
    {
        var (from, to, kernel) = (shape.Output, shape.Input, shape.Kernel);
        var vertical = TapAxis.Backward(to.Height, from.Height, kernel, shape.Stride, shape.Padding);
        var horizontal = TapAxis.Backward(to.Width, from.Width, kernel, shape.Stride, shape.Padding);
        return new(vertical, horizontal, kernel, from, to, TapOffsets(TapAxis.BackwardOrder(kernel, shape.Stride), from.Channels, shape.Taps), kernel * kernel);
    }

    // Per tile, per tap, one weight per row.
    public override void Pack(float* packed, float* weights)
    {
        foreach (var group in groups)
        {
            foreach (var piece in group.Pieces)
            {
                var to = packed + ((nint)piece.Start * tapOffsets.Length);
                var from = weights + ((nint)piece.Start * rowStride);
                foreach (var offset in group.WeightOffsets)
                {
                    *to++ = from[offset];
                }
            }
        }
    }

    public override void Run(float* packed, float* source, float* destination, float* initial, TileStart start, bool rectify)
    {
        foreach (var group in groups)
        {
            for (var block = 0; block < group.Tiles.Length; block += TilesPerBlock)
            {
                var tiles = group.Tiles.AsSpan(block, Math.Min(TilesPerBlock, group.Tiles.Length - block));
                Run(group, tiles, packed, source, destination, initial, start, rectify);
            }
        }
    }

    /// <summary>
    /// As <see cref="Run(float*, float*, float*, float*, TileStart, bool)"/>, but some lines at a
    /// time, all at the destination's start, where the consumer takes them.
    /// </summary>
    public void RunByLines(ILineConsumer consumer, int chunk, float* packed, float* source, float* destination, float* initial, TileStart start, bool rectify)
    {
        var group = groups[0];
        var tilesPerLine = group.Tiles.Length / places.Height;
        for (var line = 0; line < places.Height; line += consumer.Height)
        {
            var tiles = group.Tiles.AsSpan(line * tilesPerLine, consumer.Height * tilesPerLine);
            Run(group, tiles, packed, source, destination - (line * LineFloats), initial, start, rectify);
            consumer.Read(chunk, line, destination);
        }
    }

    private void Run(
        RowGroup group, ReadOnlySpan<Tile> tiles, float* packed, float* source, float* destination, float* initial, TileStart start, bool rectify)
    {
        foreach (var piece in group.Pieces)
        {
            var weights = packed + ((nint)piece.Start * tapOffsets.Length);
            var first = (nint)piece.Start * TLanes.Count;
            foreach (ref readonly var tile in tiles)
            {
                var from = start == TileStart.Vectors ? initial + first + tile.Destination : initial + piece.Start;
                tile.Kernel(tile.Strides, weights + tile.Weights, source + tile.Source, destination + first + tile.Destination, from, start, rectify);
            }
        }
    }

    // Each line's tiles together, line by line, and as many for each.
    private bool IsInLines(RowGroup group)
    {
        var tilesPerLine = group.Tiles.Length / places.Height;
        return group.Tiles.Length % places.Height == 0 && !group.Tiles.Where((tile, i) => tile.Destination / LineFloats != i / tilesPerLine).Any();
    }

    private static int[] TapOffsets(int[] order, int channels, int channelStride) =>
        [.. from line in order from place in order from channel in Enumerable.Range(0, channels) select (channel * channelStride) + (line * order.Length) + place];

    /// <summary>Pieces of one length, and the tiles that each of them walks.</summary>
    private sealed class RowGroup
    {
        private readonly OuterStrides[] strides;

        public RowGroup(Piece[] pieces, ConvolutionRegion[] regions, int[] tapOffsets, int rowStride)
        {
            Pieces = pieces;
            var rows = pieces[0].Length;
            WeightOffsets = [.. from tap in tapOffsets from row in Enumerable.Range(0, rows) select tap + (row * rowStride)];
            strides = GC.AllocateArray<OuterStrides>(regions.Length, pinned: true);
            var tiles = new List<Tile>();
            for (var i = 0; i < regions.Length; i++)
            {
                strides[i] = regions[i].Strides(rows);
                var address = (OuterStrides*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref strides[i]);
                tiles.AddRange(regions[i].Cut(rows, TLanes.Registers).Select(cut => new Tile(address, regions[i].Weights(rows), cut)));
            }

            Tiles = [.. tiles];
        }

        public Piece[] Pieces { get; }

        /// <summary>Where a piece's weights are, in the order of the walk.</summary>
        public int[] WeightOffsets { get; }

        public Tile[] Tiles { get; }
    }

    private readonly struct Tile(OuterStrides* strides, nint weights, (int Rows, int Columns, nint Source, nint Destination) cut)
    {
        public readonly delegate*<OuterStrides*, float*, float*, float*, float*, TileStart, bool, void> Kernel =
            OuterKernels<TLanes>.For<Neighbours>(cut.Rows, cut.Columns);

        public readonly OuterStrides* Strides = strides;
        public readonly nint Weights = weights;
        public readonly nint Source = cut.Source;
        public readonly nint Destination = cut.Destination;
    }
}
