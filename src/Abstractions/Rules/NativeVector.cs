using System.Runtime.InteropServices;

namespace Orchestrator.Abstractions;

/// <summary>
/// A float32 vector in 64-byte-aligned native memory, zero at first. Pages are taken from the
/// system when they are first touched.
/// </summary>
public sealed unsafe class NativeVector : IDisposable
{
    private const nuint Alignment = 64;

    // Kept for as long as this is: what the memory belongs to.
    private readonly object? owner;
    private void* allocation;

    /// <param name="length">Number of elements, at least 0.</param>
    public NativeVector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = ((nuint)length * sizeof(float)) + Alignment;
        allocation = NativeMemory.AllocZeroed(bytes);
        Pointer = (float*)(((nuint)allocation + Alignment - 1) & ~(Alignment - 1));
        GC.AddMemoryPressure((long)bytes);
    }

    private NativeVector(float* external, int length, object? owner)
    {
        Length = length;
        Pointer = external;
        this.owner = owner;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a vector that nobody disposed of.</summary>
    ~NativeVector() => Free();

    /// <summary>Number of elements, at least 0.</summary>
    public int Length { get; }

    /// <summary>First element, 64-byte aligned.</summary>
    public float* Pointer { get; private set; }

    /// <summary>All elements; not to be used once the vector is disposed of.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>
    /// A view over memory that somebody else owns (a mapped file); disposing it frees nothing.
    /// </summary>
    /// <param name="external">The first element.</param>
    /// <param name="length">Number of elements.</param>
    /// <param name="owner">What must not be collected before the view; null where somebody else
    /// sees to that.</param>
    public static NativeVector View(float* external, int length, object? owner = null) => new(external, length, owner);

    /// <summary>Some of the elements.</summary>
    /// <param name="offset">Index of the first one.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not all within the
    /// vector.</exception>
    public Span<float> Slice(int offset, int length)
    {
        if ((uint)offset > (uint)Length || (uint)length > (uint)(Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"[{offset}, {offset}+{length}) is outside a vector of {Length}.");
        }

        return new Span<float>(Pointer + offset, length);
    }

    /// <summary>
    /// Frees the memory; spans and <see cref="Pointer"/> are dead from then on. Views free nothing.
    /// </summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (allocation != null)
        {
            NativeMemory.Free(allocation);
            allocation = null;
            Pointer = null;
            GC.RemoveMemoryPressure(((long)Length * sizeof(float)) + (long)Alignment);
        }
    }
}
