using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The sums of a 3x3 convolution by Winograd's short form;
/// <see cref="WinogradTransforms{TLanes}"/>.
/// </summary>
internal sealed unsafe class WinogradConvolution<TLanes> : ConvolutionKernel<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Of transformed tiles and of their sums: together they stay in a second-level cache of 1 MiB,
    // beside weights and activations.
    private const int SourceBytes = 320 << 10;
    private const int SumBytes = 160 << 10;

    // Keeps the 16 values of a transformed tile from competing for the same cache sets.
    private const int Stagger = 16;

    private readonly Workspace<TLanes> workspace;
    private readonly Volume source;
    private readonly Volume destination;
    private readonly int padding;
    private readonly bool isBackward;
    private readonly WinogradTiles tiles;
    private readonly Piece[][] blocks;
    private readonly PlaceFinder sourcePlaces;
    private readonly PlaceFinder destinationPlaces;
    private readonly nint sourcePlane;
    private readonly nint sumPlane;
    private readonly float* zeros;
    private readonly float* discarded;

    private WinogradConvolution(Workspace<TLanes> workspace, Volume source, Volume destination, int padding, bool isBackward)
    {
        (this.workspace, this.source, this.destination, this.padding, this.isBackward) = (workspace, source, destination, padding, isBackward);
        sourcePlaces = new PlaceFinder(source, source.Channels * TLanes.Count, source.Height);
        destinationPlaces = new PlaceFinder(destination, destination.Channels * TLanes.Count, destination.Height);
        tiles = new WinogradTiles(destination.Height, destination.Width, TilesAtOnce(source.Channels, TLanes.Count));
        var channelsAtOnce = SumBytes / (WinogradTiles.Points * tiles.LargestBlock * TLanes.Count * sizeof(float));
        blocks = Blocks(Tiling.Rows(destination.Channels, TLanes.Registers), channelsAtOnce);
        sourcePlane = ((nint)tiles.LargestBlock * source.Channels * TLanes.Count) + Stagger;
        sumPlane = ((nint)tiles.LargestBlock * blocks.Max(Width) * TLanes.Count) + Stagger;
        zeros = workspace.Allocate(source.Channels * TLanes.Count);
        discarded = workspace.Allocate(destination.Channels * TLanes.Count);
        workspace.ReserveScratch(WinogradTiles.Points * (sourcePlane + sumPlane));
    }

    public override int PackedLength => WinogradTiles.Points * source.Channels * destination.Channels;

    public static new WinogradConvolution<TLanes> Forward(Workspace<TLanes> workspace, ConvolutionShape shape) =>
        new(workspace, shape.Input, shape.Output, shape.Padding, isBackward: false);

    public static new WinogradConvolution<TLanes> Backward(Workspace<TLanes> workspace, ConvolutionShape shape) =>
        new(workspace, shape.Output, shape.Input, shape.Kernel - 1 - shape.Padding, isBackward: true);

    /// <summary>
    /// Tiles whose transforms fit the cache; a multiple of the widest register tile's columns.
    /// </summary>
    public static int TilesAtOnce(int channels, int samples) => Math.Max(6, SourceBytes / (WinogradTiles.Points * channels * samples * sizeof(float)) / 3 * 3);

    /// <summary>Pieces that are worked on together: about so many channels.</summary>
    public static Piece[][] Blocks(Piece[] pieces, int channels) => [.. pieces.Chunk(Math.Max(1, channels / pieces[0].Length))];

    /// <summary>Channels of a block.</summary>
    public static int Width(Piece[] block) => block[^1].End - block[0].Start;

    // G g Gᵀ; per point, per piece, per source channel, one weight per row.
    public override void Pack(float* packed, float* weights)
    {
        var (rowStride, channelStride) = isBackward ? (9, destination.Channels * 9) : (source.Channels * 9, 9);
        nint plane = source.Channels * destination.Channels;
        foreach (var piece in blocks.SelectMany(block => block))
        {
            for (var row = 0; row < piece.Length; row++)
            {
                var from = weights + ((nint)(piece.Start + row) * rowStride);
                var to = packed + ((nint)piece.Start * source.Channels) + row;
                for (var channel = 0; channel < source.Channels; channel++, from += channelStride, to += piece.Length)
                {
                    WinogradKernel.Transform(from, isBackward, to, plane);
                }
            }
        }
    }

    public override void Run(float* packed, float* source, float* destination, float* initial, TileStart start, bool rectify)
    {
        var transformed = workspace.Scratch;
        var sums = transformed + (WinogradTiles.Points * sourcePlane);
        for (var index = 0; index < tiles.Blocks; index++)
        {
            var block = tiles.Block(index);
            Transform(block, source, transformed);
            foreach (var pieces in blocks)
            {
                for (var point = 0; point < WinogradTiles.Points; point++)
                {
                    var weights = packed + ((nint)point * this.source.Channels * this.destination.Channels);
                    Multiply(weights, pieces, transformed + (point * sourcePlane), block.Length, sums + (point * sumPlane));
                }

                Fold(block, pieces, sums, destination, initial, start, rectify);
            }
        }
    }

    private void Transform(Piece block, float* source, float* transformed)
    {
        var places = stackalloc float*[WinogradTiles.Points];
        for (var tile = block.Start; tile < block.End; tile++, transformed += sourcePlaces.PlaceFloats)
        {
            var (line, place) = tiles.Corner(tile);
            sourcePlaces.Find(source, (line - padding, place - padding), WinogradTiles.Reach, zeros, places);
            WinogradTransforms<TLanes>.Source(places, sourcePlaces.PlaceFloats, transformed, sourcePlane);
        }
    }

    private void Multiply(float* weights, Piece[] pieces, float* transformed, int count, float* sums)
    {
        var strides = new OuterStrides
        {
            Segments = 1,
            Steps = source.Channels,
            SourceStep = TLanes.Count,
            SourceColumn = sourcePlaces.PlaceFloats,
            DestinationRow = TLanes.Count,
            DestinationColumn = Width(pieces) * TLanes.Count,
        };
        foreach (var piece in pieces)
        {
            strides.FactorStep = piece.Length;
            var cuts = Tiling.PiecesOf(count, Tiling.WidestColumns(piece.Length, TLanes.Registers));
            for (var index = 0; index < cuts; index++)
            {
                var cut = Tiling.Cut(count, cuts, index);
                var to = sums + ((piece.Start - pieces[0].Start) * TLanes.Count) + (cut.Start * strides.DestinationColumn);
                OuterKernels<TLanes>.For<Neighbours>(piece.Length, cut.Length)(
                    &strides, weights + ((nint)piece.Start * source.Channels), transformed + (cut.Start * strides.SourceColumn), to, null, TileStart.Zero, false);
            }
        }
    }

    private void Fold(Piece block, Piece[] pieces, float* sums, float* destination, float* initial, TileStart start, bool rectify)
    {
        var places = stackalloc float*[4];
        var initials = stackalloc float*[4];
        nint length = Width(pieces) * TLanes.Count;
        nint first = pieces[0].Start * TLanes.Count;
        initials[0] = initial + pieces[0].Start;
        for (var tile = block.Start; tile < block.End; tile++, sums += length)
        {
            destinationPlaces.Find(destination + first, tiles.Corner(tile), WinogradTiles.Side, discarded, places);
            if (start == TileStart.Vectors)
            {
                destinationPlaces.Find(initial + first, tiles.Corner(tile), WinogradTiles.Side, discarded, initials);
            }

            WinogradTransforms<TLanes>.Sums(sums, sumPlane, length, initials, start, rectify, places);
        }
    }
}
