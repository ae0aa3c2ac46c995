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

/// <summary>Strides of a <see cref="TileKernels{TLanes}.Outer"/> call; all in floats.</summary>
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

/// <summary>Strides of a <see cref="TileKernels{TLanes}.Products"/> call; all in floats.</summary>
internal struct ProductStrides
{
    public int Lines;

    /// <summary>Places per line.</summary>
    public int Places;

    public nint FactorPlace;

    public nint FactorLine;

    public nint SourcePlace;

    public nint SourceLine;

    public nint SourceColumn;

    public nint DestinationRow;

    public nint DestinationColumn;
}

/// <summary>
/// The two inner loops that nearly all arithmetic of a gradient runs in. <see cref="Outer"/> multiplies broadcast weights with vectors of samples:
/// convolution forward and backward to the data, linear forward and backward, the weight gradient of a linear layer. <see cref="Products"/>
/// multiplies vectors with vectors: the weight gradient of a convolution. Each sum runs over its steps in order, whatever the tile's size.
/// </summary>
internal static unsafe class TileKernels<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    public static delegate*<OuterStrides*, float*, float*, float*, float*, TileStart, bool, void> OuterFor(int rows, int columns) => (rows, columns) switch
    {
        (8, 1) => &Outer<Tile8<Row1<TLanes>, TLanes>>,
        (8, 2) => &Outer<Tile8<Row2<TLanes>, TLanes>>,
        (8, 3) => &Outer<Tile8<Row3<TLanes>, TLanes>>,
        (6, 1) => &Outer<Tile6<Row1<TLanes>, TLanes>>,
        (6, 2) => &Outer<Tile6<Row2<TLanes>, TLanes>>,
        (6, 3) => &Outer<Tile6<Row3<TLanes>, TLanes>>,
        (6, 4) => &Outer<Tile6<Row4<TLanes>, TLanes>>,
        (4, 1) => &Outer<Tile4<Row1<TLanes>, TLanes>>,
        (4, 2) => &Outer<Tile4<Row2<TLanes>, TLanes>>,
        (4, 3) => &Outer<Tile4<Row3<TLanes>, TLanes>>,
        (4, 4) => &Outer<Tile4<Row4<TLanes>, TLanes>>,
        (2, 1) => &Outer<Tile2<Row1<TLanes>, TLanes>>,
        (2, 2) => &Outer<Tile2<Row2<TLanes>, TLanes>>,
        (2, 3) => &Outer<Tile2<Row3<TLanes>, TLanes>>,
        (2, 4) => &Outer<Tile2<Row4<TLanes>, TLanes>>,
        (1, 1) => &Outer<Tile1<Row1<TLanes>, TLanes>>,
        (1, 2) => &Outer<Tile1<Row2<TLanes>, TLanes>>,
        (1, 3) => &Outer<Tile1<Row3<TLanes>, TLanes>>,
        (1, 4) => &Outer<Tile1<Row4<TLanes>, TLanes>>,
        _ => throw new ArgumentOutOfRangeException(nameof(columns), $"no tile of {rows} x {columns}"),
    };

    public static delegate*<ProductStrides*, float*, float*, float*, void> ProductsFor(int rows, int columns) => (rows, columns) switch
    {
        (8, 1) => &Products<Tile8<Row1<TLanes>, TLanes>>,
        (8, 2) => &Products<Tile8<Row2<TLanes>, TLanes>>,
        (8, 3) => &Products<Tile8<Row3<TLanes>, TLanes>>,
        (6, 1) => &Products<Tile6<Row1<TLanes>, TLanes>>,
        (6, 2) => &Products<Tile6<Row2<TLanes>, TLanes>>,
        (6, 3) => &Products<Tile6<Row3<TLanes>, TLanes>>,
        (6, 4) => &Products<Tile6<Row4<TLanes>, TLanes>>,
        (4, 1) => &Products<Tile4<Row1<TLanes>, TLanes>>,
        (4, 2) => &Products<Tile4<Row2<TLanes>, TLanes>>,
        (4, 3) => &Products<Tile4<Row3<TLanes>, TLanes>>,
        (4, 4) => &Products<Tile4<Row4<TLanes>, TLanes>>,
        (2, 1) => &Products<Tile2<Row1<TLanes>, TLanes>>,
        (2, 2) => &Products<Tile2<Row2<TLanes>, TLanes>>,
        (2, 3) => &Products<Tile2<Row3<TLanes>, TLanes>>,
        (2, 4) => &Products<Tile2<Row4<TLanes>, TLanes>>,
        (1, 1) => &Products<Tile1<Row1<TLanes>, TLanes>>,
        (1, 2) => &Products<Tile1<Row2<TLanes>, TLanes>>,
        (1, 3) => &Products<Tile1<Row3<TLanes>, TLanes>>,
        (1, 4) => &Products<Tile1<Row4<TLanes>, TLanes>>,
        _ => throw new ArgumentOutOfRangeException(nameof(columns), $"no tile of {rows} x {columns}"),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outer<TTile>(
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products<TTile>(ProductStrides* strides, float* factors, float* source, float* destination)
        where TTile : unmanaged, ITile<TTile>
    {
        var tile = TTile.Load(destination, strides->DestinationRow, strides->DestinationColumn);
        var (factorPlace, sourcePlace, column) = (strides->FactorPlace, strides->SourcePlace, strides->SourceColumn);
        for (var line = strides->Lines; line > 0; line--)
        {
            var f = factors;
            var x = source;
            for (var place = strides->Places; place > 0; place--)
            {
                tile.AddProducts(f, x, column);
                f += factorPlace;
                x += sourcePlace;
            }

            factors += strides->FactorLine;
            source += strides->SourceLine;
        }

        tile.Store(destination, strides->DestinationRow, strides->DestinationColumn);
    }
}
