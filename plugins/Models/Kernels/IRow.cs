namespace Orchestrator.Models;

/// <summary>
/// One row of a register tile: a few vectors, side by side. The fields are written out because the
/// JIT keeps them in registers only as fields.
/// </summary>
internal unsafe interface IRow<TSelf, TLanes> where TSelf : unmanaged, IRow<TSelf, TLanes>
{
    static abstract int Columns { get; }

    /// <summary>The same vector in every column.</summary>
    static abstract TSelf Fill(TLanes value);

    /// <summary>Columns <paramref name="stride"/> floats apart.</summary>
    static abstract TSelf Load(float* source, nint stride);

    void Store(float* destination, nint stride);

    /// <summary>
    /// Becomes this + factor · x, column by column; in place for the reason of
    /// <see cref="ILanes{TSelf}.AddProduct"/>.
    /// </summary>
    void Accumulate(TLanes factor, TSelf x);

    /// <summary>One float from memory for each column, in all lanes.</summary>
    static abstract TSelf Broadcast(float* source);

    TSelf Add(TSelf other);

    TSelf Subtract(TSelf other);

    /// <summary>this + x · y, column by column.</summary>
    TSelf AddProduct(TSelf x, TSelf y);

    /// <summary>Zero where <paramref name="values"/> is not positive.</summary>
    TSelf KeepWherePositive(TSelf values);

    /// <summary>Where not positive, zero; not-a-number stays.</summary>
    TSelf Rectify();
}
