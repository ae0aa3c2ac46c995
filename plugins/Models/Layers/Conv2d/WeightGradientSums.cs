using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The sums of a convolution's weight gradient, one per weight and logical lane. Small ones hold
/// all output channels until the batch is done. Large ones would leave the cache between chunks, so
/// they hold one piece of channels, for which all chunks of a group come in one go.
/// </summary>
internal sealed unsafe class WeightGradientSums<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // Twice a second-level cache.
    private const int LargestBytes = 1 << 22;

    private readonly ConvolutionShape shape;
    private readonly Piece[] pieces;
    private readonly float* sums;
    private readonly float* folded;
    private readonly nint partFloats;

    public WeightGradientSums(Workspace<TLanes> workspace, ConvolutionShape shape, Piece[] pieces)
    {
        (this.shape, this.pieces) = (shape, pieces);
        var largest = pieces.Max(piece => piece.Length);
        HoldsOnePiece = (long)shape.Channels * shape.Taps * LogicalLanes<TLanes>.Count * sizeof(float) > LargestBytes;
        partFloats = (nint)(HoldsOnePiece ? largest : shape.Channels) * shape.Taps * TLanes.Count;
        sums = workspace.Allocate(partFloats * (long)LogicalLanes<TLanes>.ChunksPerStripe);
        folded = workspace.Allocate((long)largest * shape.Taps);
    }

    public bool HoldsOnePiece { get; }

    public void Clear()
    {
        foreach (var piece in HoldsOnePiece ? [] : pieces)
        {
            Clear(piece);
        }
    }

    /// <summary>Where a chunk's lanes of a piece's sums are.</summary>
    public float* Of(Piece piece, int chunk) => First(piece) + (LogicalLanes<TLanes>.PlaceOf(chunk) * partFloats);

    /// <summary>Before a piece's chunks.</summary>
    public void Enter(Piece piece)
    {
        if (HoldsOnePiece)
        {
            Clear(piece);
        }
    }

    /// <summary>
    /// After a piece's chunks; writes the gradient, or adds to that of earlier groups, where it
    /// cannot wait.
    /// </summary>
    public void Leave(Piece piece, SumOrder order, float* gradient, bool isFirstGroup)
    {
        if (HoldsOnePiece)
        {
            Fold(piece, order, gradient, adds: !isFirstGroup);
        }
    }

    /// <summary>After the last group; writes what waited.</summary>
    public void Finish(Piece piece, SumOrder order, float* gradient)
    {
        if (!HoldsOnePiece)
        {
            Fold(piece, order, gradient, adds: false);
        }
    }

    private float* First(Piece piece) => HoldsOnePiece ? sums : sums + ((nint)piece.Start * shape.Taps * TLanes.Count);

    private void Clear(Piece piece)
    {
        for (var part = 0; part < LogicalLanes<TLanes>.ChunksPerStripe; part++)
        {
            new Span<float>(First(piece) + (part * partFloats), piece.Length * shape.Taps * TLanes.Count).Clear();
        }
    }

    // To the weights' own order, [out, in, kernel, kernel].
    private void Fold(Piece piece, SumOrder order, float* gradient, bool adds)
    {
        var (kernel, channels) = (shape.Kernel, shape.Input.Channels);
        LaneSums<TLanes>.Fold(First(piece), partFloats, folded, piece.Length * shape.Taps);
        var to = gradient + ((nint)piece.Start * shape.Taps);
        for (var row = 0; row < piece.Length; row++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var from = folded + (row * order.Row) + (channel * order.Channel);
                for (var line = 0; line < kernel; line++, from += order.Line)
                {
                    for (var place = 0; place < kernel; place++, to++)
                    {
                        var sum = from[place * order.Place];
                        *to = adds ? *to + sum : sum;
                    }
                }
            }
        }
    }
}

/// <summary>
/// Where the sums of a piece are: distances in vectors along output channels, input channels, lines
/// and places of the kernel.
/// </summary>
internal readonly record struct SumOrder(int Row, int Channel, int Line, int Place)
{
    /// <summary>
    /// Taps as in the input's memory, so that tiles can take neighbouring vectors as columns.
    /// </summary>
    public static SumOrder Neighbours(ConvolutionShape shape) => new(shape.Taps, 1, shape.Kernel * shape.Input.Channels, shape.Input.Channels);

    /// <summary>The sums of one sliding tile together.</summary>
    public static SumOrder Sliding(ConvolutionShape shape, int rows) =>
        new(shape.Kernel, rows * shape.Kernel, shape.Input.Channels * rows * shape.Kernel, 1);
}
