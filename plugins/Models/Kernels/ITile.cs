namespace Orchestrator.Models;

/// <summary>
/// A block of sums that stays in registers through an inner loop: rows are output channels, columns
/// are places (or taps). Sizes are such that sums, one row of operands and one factor fit the
/// register file: 8x3 and 6x4 of 32 registers, 4x3 and 6x2 of 16.
/// </summary>
internal unsafe interface ITile<TSelf> where TSelf : unmanaged, ITile<TSelf>
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>Every sum of row r starts at <c>values[r]</c>.</summary>
    static abstract TSelf FillRows(float* values);

    static abstract TSelf Load(float* source, nint rowStride, nint columnStride);

    void Store(float* destination, nint rowStride, nint columnStride);

    /// <summary>Adds vectors from memory.</summary>
    void Add(float* source, nint rowStride, nint columnStride);

    /// <summary>
    /// Adds <c>factors[r · factorRow] · x[c]</c>: each factor one float, each x one vector.
    /// </summary>
    void AddOuter(float* factors, nint factorRow, float* x, nint columnStride);

    void Rectify();
}

/// <summary>A tile that takes its columns' operands from registers.</summary>
internal unsafe interface IProductTile<TRow>
{
    /// <summary>
    /// Adds <c>factors[r] · row[c]</c>, both vectors; the factors one behind the other.
    /// </summary>
    void AddProducts(float* factors, TRow row);
}
