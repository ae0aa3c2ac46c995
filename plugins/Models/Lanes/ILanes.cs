namespace Orchestrator.Models;

/// <summary>
/// A vector of float32 lanes. Kernels are written once over this interface; the JIT specialises
/// them per width. A lane is a sample wherever the batch is the innermost dimension. All memory
/// access of kernels goes through <see cref="Load"/>, <see cref="Store"/> and
/// <see cref="Broadcast"/>, so that tests can substitute an implementation that checks bounds. No
/// operation's result depends on the width.
/// </summary>
internal unsafe interface ILanes<TSelf> where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>
    /// Vector registers of the instruction set; register tiles are chosen to fit them.
    /// </summary>
    static abstract int Registers { get; }

    static abstract TSelf Create(float value);

    static abstract TSelf CreateBits(uint bits);

    /// <summary>One float from memory in every lane.</summary>
    static abstract TSelf Broadcast(float* source);

    /// <summary>No alignment is assumed.</summary>
    static abstract TSelf Load(float* source);

    static abstract void Store(float* destination, TSelf value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>
    /// Adds a·b to a sum, rounded once; in place, because only then the JIT adds into the register
    /// that holds the sum.
    /// </summary>
    static abstract void AddProduct(ref TSelf sum, TSelf a, TSelf b);

    static abstract TSelf SquareRoot(TSelf value);

    /// <summary>a where a &gt; b, else b; so b where either is not a number.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>All bits of a lane set where equal.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>All bits of a lane set where a &gt; b.</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    /// <summary>All bits of a lane set where a &gt;= b, both taken as unsigned integers.</summary>
    static abstract TSelf GreaterOrEqualBits(TSelf a, TSelf b);

    /// <summary>
    /// Lanes of <paramref name="a"/> where the mask is set, else of <paramref name="b"/>.
    /// </summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    static abstract TSelf And(TSelf a, TSelf b);

    static abstract TSelf Or(TSelf a, TSelf b);

    static abstract TSelf Xor(TSelf a, TSelf b);

    /// <summary>Sum of the lanes as 32-bit integers.</summary>
    static abstract TSelf AddBits(TSelf a, TSelf b);

    /// <summary>Low half of the product of the lanes as 32-bit integers.</summary>
    static abstract TSelf MultiplyBits(TSelf a, TSelf b);

    static abstract TSelf ShiftLeft(TSelf value, int count);

    /// <summary>Fills with zeros.</summary>
    static abstract TSelf ShiftRight(TSelf value, int count);

    /// <summary>Writes the transpose of a Count x Count block; strides in floats.</summary>
    static abstract void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride);

    /// <summary>Told of every buffer that kernels may touch.</summary>
    static virtual void Allocated(float* start, nint length)
    {
    }
}
