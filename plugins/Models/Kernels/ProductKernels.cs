using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>Strides of a <see cref="ProductKernels{TLanes}"/> call; all in floats.</summary>
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

    /// <summary>
    /// Of <see cref="ProductKernels{TLanes}.SlidingFor"/>: the columns of the first and last place
    /// of a line stand beside it, where zeros are.
    /// </summary>
    public bool IsPadded;
}

/// <summary>
/// Vectors times vectors, the inner loop of a convolution's weight gradient. Sums are added to what
/// stands at the destination, line by line and place by place, whatever the tile's size.
/// </summary>
internal static unsafe class ProductKernels<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Columns are neighbouring vectors at every place.</summary>
    public static delegate*<ProductStrides*, float*, float*, float*, void> For(int rows, int columns) => (rows, columns) switch
    {
        (8, 1) => &Run<Tile8<Row1<TLanes>, TLanes>, Row1<TLanes>>,
        (8, 2) => &Run<Tile8<Row2<TLanes>, TLanes>, Row2<TLanes>>,
        (8, 3) => &Run<Tile8<Row3<TLanes>, TLanes>, Row3<TLanes>>,
        (6, 1) => &Run<Tile6<Row1<TLanes>, TLanes>, Row1<TLanes>>,
        (6, 2) => &Run<Tile6<Row2<TLanes>, TLanes>, Row2<TLanes>>,
        (6, 3) => &Run<Tile6<Row3<TLanes>, TLanes>, Row3<TLanes>>,
        (6, 4) => &Run<Tile6<Row4<TLanes>, TLanes>, Row4<TLanes>>,
        (4, 1) => &Run<Tile4<Row1<TLanes>, TLanes>, Row1<TLanes>>,
        (4, 2) => &Run<Tile4<Row2<TLanes>, TLanes>, Row2<TLanes>>,
        (4, 3) => &Run<Tile4<Row3<TLanes>, TLanes>, Row3<TLanes>>,
        (4, 4) => &Run<Tile4<Row4<TLanes>, TLanes>, Row4<TLanes>>,
        (2, 1) => &Run<Tile2<Row1<TLanes>, TLanes>, Row1<TLanes>>,
        (2, 2) => &Run<Tile2<Row2<TLanes>, TLanes>, Row2<TLanes>>,
        (2, 3) => &Run<Tile2<Row3<TLanes>, TLanes>, Row3<TLanes>>,
        (2, 4) => &Run<Tile2<Row4<TLanes>, TLanes>, Row4<TLanes>>,
        (1, 1) => &Run<Tile1<Row1<TLanes>, TLanes>, Row1<TLanes>>,
        (1, 2) => &Run<Tile1<Row2<TLanes>, TLanes>, Row2<TLanes>>,
        (1, 3) => &Run<Tile1<Row3<TLanes>, TLanes>, Row3<TLanes>>,
        (1, 4) => &Run<Tile1<Row4<TLanes>, TLanes>, Row4<TLanes>>,
        _ => throw new ArgumentOutOfRangeException(nameof(columns), $"no tile of {rows} x {columns}"),
    };

    /// <summary>
    /// Three columns, which are three neighbouring places: each line's vectors are loaded once and
    /// slide through the columns.
    /// </summary>
    public static delegate*<ProductStrides*, float*, float*, float*, void> SlidingFor(int rows) => rows switch
    {
        8 => &Slide<Tile8<Row3<TLanes>, TLanes>>,
        6 => &Slide<Tile6<Row3<TLanes>, TLanes>>,
        4 => &Slide<Tile4<Row3<TLanes>, TLanes>>,
        2 => &Slide<Tile2<Row3<TLanes>, TLanes>>,
        1 => &Slide<Tile1<Row3<TLanes>, TLanes>>,
        _ => throw new ArgumentOutOfRangeException(nameof(rows), $"no tile of {rows} rows"),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TTile, TRow>(ProductStrides* strides, float* factors, float* source, float* destination)
        where TTile : unmanaged, ITile<TTile>, IProductTile<TRow>
        where TRow : unmanaged, IRow<TRow, TLanes>
    {
        var tile = TTile.Load(destination, strides->DestinationRow, strides->DestinationColumn);
        var (factorPlace, sourcePlace, column) = (strides->FactorPlace, strides->SourcePlace, strides->SourceColumn);
        for (var line = strides->Lines; line > 0; line--)
        {
            var f = factors;
            var x = source;
            for (var place = strides->Places; place > 0; place--)
            {
                tile.AddProducts(f, TRow.Load(x, column));
                f += factorPlace;
                x += sourcePlace;
            }

            factors += strides->FactorLine;
            source += strides->SourceLine;
        }

        tile.Store(destination, strides->DestinationRow, strides->DestinationColumn);
    }

    // The source is the first column of the first place, which is outside the line where it is
    // padded.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slide<TTile>(ProductStrides* strides, float* factors, float* source, float* destination)
        where TTile : unmanaged, ITile<TTile>, IProductTile<Row3<TLanes>>
    {
        var tile = TTile.Load(destination, strides->DestinationRow, strides->DestinationColumn);
        var (factorPlace, sourcePlace) = (strides->FactorPlace, strides->SourcePlace);
        for (var line = strides->Lines; line > 0; line--)
        {
            var f = factors;
            var x = source + (2 * sourcePlace);
            var before = strides->IsPadded ? TLanes.Create(0) : TLanes.Load(source);
            var row = new Row3<TLanes>(before, before, TLanes.Load(source + sourcePlace));
            for (var place = strides->Places; place > 1; place--)
            {
                row = row.Slide(TLanes.Load(x));
                tile.AddProducts(f, row);
                f += factorPlace;
                x += sourcePlace;
            }

            tile.AddProducts(f, row.Slide(strides->IsPadded ? TLanes.Create(0) : TLanes.Load(x)));
            factors += strides->FactorLine;
            source += strides->SourceLine;
        }

        tile.Store(destination, strides->DestinationRow, strides->DestinationColumn);
    }
}
