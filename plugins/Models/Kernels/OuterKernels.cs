using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>What the sums of a tile start from.</summary>
internal enum TileStart
{
    Zero,

    /// <summary>One initial value per row.</summary>
    Bias,

    /// <summary>
    /// Initial vectors, laid out as the destination is; the destination itself to add to it.
    /// </summary>
    Vectors,

    /// <summary>
    /// Zero; the initial vectors are added at the end, so that a long sum is one of shorter ones.
    /// </summary>
    ZeroThenVectors,
}

/// <summary>Where the factors of one step are.</summary>
internal interface IFactorOrder
{
    /// <summary>
    /// Floats from one row's factor to the next's; a constant where it can be, because it stands in
    /// the innermost loop.
    /// </summary>
    static abstract nint Row(nint factorRow);
}

/// <summary>One behind the other.</summary>
internal readonly struct Neighbours : IFactorOrder
{
    public static nint Row(nint factorRow) => 1;
}

/// <summary>The same lane of vectors that stand one behind the other.</summary>
internal readonly struct LaneOfEach<TLanes> : IFactorOrder where TLanes : unmanaged, ILanes<TLanes>
{
    public static nint Row(nint factorRow) => TLanes.Count;
}

/// <summary>At the distance that the strides say.</summary>
internal readonly struct Distant : IFactorOrder
{
    public static nint Row(nint factorRow) => factorRow;
}

/// <summary>Strides of a <see cref="OuterKernels{TLanes}"/> call; all in floats.</summary>
internal struct OuterStrides
{
    /// <summary>Segments of consecutive steps; a convolution has one per kernel row.</summary>
    public int Segments;

    /// <summary>Steps per segment.</summary>
    public int Steps;

    public nint FactorStep;

    /// <summary>Of <see cref="Distant"/> factors.</summary>
    public nint FactorRow;

    /// <summary>From the start of one segment to the next.</summary>
    public nint FactorSegment;

    public nint SourceStep;

    public nint SourceSegment;

    public nint SourceColumn;

    public nint DestinationRow;

    public nint DestinationColumn;
}

/// <summary>
/// Broadcast weights times vectors of samples, the inner loop of convolutions forward and backward
/// to the data, and of all three passes of a linear layer. Each sum runs over its steps in order,
/// whatever the tile's size.
/// </summary>
internal static unsafe class OuterKernels<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    public static delegate*<OuterStrides*, float*, float*, float*, float*, TileStart, bool, void> For<TFactors>(int rows, int columns)
        where TFactors : IFactorOrder
    {
        return (rows, columns) switch
        {
            (8, 1) => &Run<Tile8<Row1<TLanes>, TLanes>, TFactors>,
            (8, 2) => &Run<Tile8<Row2<TLanes>, TLanes>, TFactors>,
            (8, 3) => &Run<Tile8<Row3<TLanes>, TLanes>, TFactors>,
            (6, 1) => &Run<Tile6<Row1<TLanes>, TLanes>, TFactors>,
            (6, 2) => &Run<Tile6<Row2<TLanes>, TLanes>, TFactors>,
            (6, 3) => &Run<Tile6<Row3<TLanes>, TLanes>, TFactors>,
            (6, 4) => &Run<Tile6<Row4<TLanes>, TLanes>, TFactors>,
            (4, 1) => &Run<Tile4<Row1<TLanes>, TLanes>, TFactors>,
            (4, 2) => &Run<Tile4<Row2<TLanes>, TLanes>, TFactors>,
            (4, 3) => &Run<Tile4<Row3<TLanes>, TLanes>, TFactors>,
            (4, 4) => &Run<Tile4<Row4<TLanes>, TLanes>, TFactors>,
            (2, 1) => &Run<Tile2<Row1<TLanes>, TLanes>, TFactors>,
            (2, 2) => &Run<Tile2<Row2<TLanes>, TLanes>, TFactors>,
            (2, 3) => &Run<Tile2<Row3<TLanes>, TLanes>, TFactors>,
            (2, 4) => &Run<Tile2<Row4<TLanes>, TLanes>, TFactors>,
            (1, 1) => &Run<Tile1<Row1<TLanes>, TLanes>, TFactors>,
            (1, 2) => &Run<Tile1<Row2<TLanes>, TLanes>, TFactors>,
            (1, 3) => &Run<Tile1<Row3<TLanes>, TLanes>, TFactors>,
            (1, 4) => &Run<Tile1<Row4<TLanes>, TLanes>, TFactors>,
            _ => throw new ArgumentOutOfRangeException(nameof(columns), $"no tile of {rows} x {columns}"),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TTile, TFactors>(
        OuterStrides* strides, float* factors, float* source, float* destination, float* initial, TileStart start, bool rectify)
        where TTile : unmanaged, ITile<TTile>
        where TFactors : IFactorOrder
    {
        var tile = start switch
        {
            TileStart.Bias => TTile.FillRows(initial),
            TileStart.Vectors => TTile.Load(initial, strides->DestinationRow, strides->DestinationColumn),
            _ => default,
        };
        var factorRow = TFactors.Row(strides->FactorRow);
        var (factorStep, sourceStep, column) = (strides->FactorStep, strides->SourceStep, strides->SourceColumn);
        for (var segment = strides->Segments; segment > 0; segment--)
        {
            var f = factors;
            var x = source;
            for (var step = strides->Steps; step > 0; step--)
            {
                tile.AddOuter(f, factorRow, x, column);
                f += factorStep;
                x += sourceStep;
            }

            factors += strides->FactorSegment;
            source += strides->SourceSegment;
        }

        if (start == TileStart.ZeroThenVectors)
        {
            tile.Add(initial, strides->DestinationRow, strides->DestinationColumn);
        }

        if (rectify)
        {
            tile.Rectify();
        }

        tile.Store(destination, strides->DestinationRow, strides->DestinationColumn);
    }
}
