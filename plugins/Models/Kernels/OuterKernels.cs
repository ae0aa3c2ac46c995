using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>What the sums of a tile start from.</summary>
internal enum TileStart
{
    Zero,

    /// <summary>One initial value per row.</summary>
    Bias,

    /// <summary>Initial vectors, laid out as the destination is; the destination itself to add to it.</summary>
    Vectors,
}

/// <summary>Strides of a <see cref="OuterKernels{TLanes}"/> call; all in floats.</summary>
internal struct OuterStrides
{
    /// <summary>Stretches of consecutive steps; a convolution has one per kernel row.</summary>
    public int Stretches;

    /// <summary>Steps per stretch.</summary>
    public int Steps;

    public nint FactorStep;

    /// <summary>From the start of one stretch to the next.</summary>
    public nint FactorStretch;

    public nint SourceStep;

    public nint SourceStretch;

    public nint SourceColumn;

    public nint DestinationRow;

    public nint DestinationColumn;
}

/// <summary>
/// Broadcast weights times vectors of samples, the inner loop of convolutions forward and backward to the data, and of all three passes of a linear
/// layer. Each sum runs over its steps in order, whatever the tile's size.
/// </summary>
internal static unsafe class OuterKernels<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    public static delegate*<OuterStrides*, float*, float*, float*, float*, TileStart, bool, void> For(int rows, int columns) => (rows, columns) switch
    {
        (8, 1) => &Run<Tile8<Row1<TLanes>, TLanes>>,
        (8, 2) => &Run<Tile8<Row2<TLanes>, TLanes>>,
        (8, 3) => &Run<Tile8<Row3<TLanes>, TLanes>>,
        (6, 1) => &Run<Tile6<Row1<TLanes>, TLanes>>,
        (6, 2) => &Run<Tile6<Row2<TLanes>, TLanes>>,
        (6, 3) => &Run<Tile6<Row3<TLanes>, TLanes>>,
        (6, 4) => &Run<Tile6<Row4<TLanes>, TLanes>>,
        (4, 1) => &Run<Tile4<Row1<TLanes>, TLanes>>,
        (4, 2) => &Run<Tile4<Row2<TLanes>, TLanes>>,
        (4, 3) => &Run<Tile4<Row3<TLanes>, TLanes>>,
        (4, 4) => &Run<Tile4<Row4<TLanes>, TLanes>>,
        (2, 1) => &Run<Tile2<Row1<TLanes>, TLanes>>,
        (2, 2) => &Run<Tile2<Row2<TLanes>, TLanes>>,
        (2, 3) => &Run<Tile2<Row3<TLanes>, TLanes>>,
        (2, 4) => &Run<Tile2<Row4<TLanes>, TLanes>>,
        (1, 1) => &Run<Tile1<Row1<TLanes>, TLanes>>,
        (1, 2) => &Run<Tile1<Row2<TLanes>, TLanes>>,
        (1, 3) => &Run<Tile1<Row3<TLanes>, TLanes>>,
        (1, 4) => &Run<Tile1<Row4<TLanes>, TLanes>>,
        _ => throw new ArgumentOutOfRangeException(nameof(columns), $"no tile of {rows} x {columns}"),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TTile>(
        OuterStrides* strides, float* factors, float* source, float* destination, float* initial, TileStart start, bool rectify)
        where TTile : unmanaged, ITile<TTile>
    {
        var tile = start switch
        {
            TileStart.Bias => TTile.FillRows(initial),
            TileStart.Vectors => TTile.Load(initial, strides->DestinationRow, strides->DestinationColumn),
            _ => default,
        };
        var (factorStep, sourceStep, column) = (strides->FactorStep, strides->SourceStep, strides->SourceColumn);
        for (var stretch = strides->Stretches; stretch > 0; stretch--)
        {
            var f = factors;
            var x = source;
            for (var step = strides->Steps; step > 0; step--)
            {
                tile.AddOuter(f, x, column);
                f += factorStep;
                x += sourceStep;
            }

            factors += strides->FactorStretch;
            source += strides->SourceStretch;
        }

        if (rectify)
        {
            tile.Rectify();
        }

        tile.Store(destination, strides->DestinationRow, strides->DestinationColumn);
    }
}
