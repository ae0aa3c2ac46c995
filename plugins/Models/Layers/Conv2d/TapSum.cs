namespace Orchestrator.Models;

/// <summary>
/// Sums over neighbouring places, for every place and output channel: a convolution forward, or backward to its data. Planned once; running it is a
/// walk over a list of register tiles.
/// </summary>
internal sealed unsafe class TapSum<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Tiles that share one piece's weights while these are in the first-level cache, and their sources while the next piece's weights come.
    private const int TilesPerBlock = 9;

    private readonly RowGroup[] groups;
    private readonly int taps;

    /// <param name="vertical">Spans of the lines.</param>
    /// <param name="horizontal">Spans of the places in a line.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="source">What is read.</param>
    /// <param name="destination">What is written.</param>
    public TapSum(List<TapSpan> vertical, List<TapSpan> horizontal, int kernel, Volume source, Volume destination)
    {
        taps = kernel * kernel * source.Channels;
        PackedLength = taps * destination.Channels;
        var regions = vertical.SelectMany(v => horizontal.Select(h => new TapRegion(v, h, kernel, source, destination, TLanes.Count))).ToArray();
        groups = [.. Tiling.Rows(destination.Channels, TLanes.Registers).GroupBy(piece => piece.Length).Select(pieces => new RowGroup([.. pieces], regions))];
    }

    /// <summary>Floats that <see cref="Pack"/> writes.</summary>
    public int PackedLength { get; }

    /// <summary>Puts the weights in the order of the walk: per tile, per tap, one weight per row.</summary>
    /// <param name="packed">Of <see cref="PackedLength"/>.</param>
    /// <param name="weights">The first row's weights.</param>
    /// <param name="tapOffsets">Where in a row's weights each tap of each source channel is, in the order of the walk.</param>
    /// <param name="rowStride">From one row's weights to the next's.</param>
    public void Pack(float* packed, float* weights, ReadOnlySpan<int> tapOffsets, nint rowStride)
    {
        foreach (var group in groups)
        {
            foreach (var piece in group.Pieces)
            {
                var to = packed + ((nint)piece.Start * taps);
                var from = weights + (piece.Start * rowStride);
                foreach (var offset in tapOffsets)
                {
                    for (var row = 0; row < piece.Length; row++)
                    {
                        *to++ = from[offset + (row * rowStride)];
                    }
                }
            }
        }
    }

    /// <summary>All sums of one chunk.</summary>
    /// <param name="packed">From <see cref="Pack"/>.</param>
    /// <param name="source">What is read.</param>
    /// <param name="destination">What is written.</param>
    /// <param name="initial">One value per channel (<see cref="TileStart.Bias"/>), or a chunk as large as the destination (<see cref="TileStart.Vectors"/>).</param>
    /// <param name="start">What the sums start from.</param>
    /// <param name="rectify">Negative sums are stored as zero.</param>
    public void Run(float* packed, float* source, float* destination, float* initial, TileStart start, bool rectify)
    {
        foreach (var group in groups)
        {
            for (var block = 0; block < group.Tiles.Length; block += TilesPerBlock)
            {
                var tiles = group.Tiles.AsSpan(block, Math.Min(TilesPerBlock, group.Tiles.Length - block));
                foreach (var piece in group.Pieces)
                {
                    var weights = packed + ((nint)piece.Start * taps);
                    var first = (nint)piece.Start * TLanes.Count;
                    foreach (ref readonly var tile in tiles)
                    {
                        var from = start == TileStart.Vectors ? initial + first + tile.Destination : initial + piece.Start;
                        tile.Kernel(tile.Strides, weights + tile.Weights, source + tile.Source, destination + first + tile.Destination, from, start, rectify);
                    }
                }
            }
        }
    }

    /// <summary>Pieces of one length, and the tiles that each of them walks.</summary>
    private sealed class RowGroup
    {
        private readonly OuterStrides[] strides;

        public RowGroup(Piece[] pieces, TapRegion[] regions)
        {
            Pieces = pieces;
            var rows = pieces[0].Length;
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

        public Tile[] Tiles { get; }
    }

    private readonly struct Tile(OuterStrides* strides, nint weights, (int Rows, int Columns, nint Source, nint Destination) cut)
    {
        public readonly delegate*<OuterStrides*, float*, float*, float*, float*, TileStart, bool, void> Kernel =
            OuterKernels<TLanes>.For(cut.Rows, cut.Columns);

        public readonly OuterStrides* Strides = strides;
        public readonly nint Weights = weights;
        public readonly nint Source = cut.Source;
        public readonly nint Destination = cut.Destination;
    }
}
