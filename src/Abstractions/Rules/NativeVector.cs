using System.Runtime.InteropServices;

namespace Orchestrator.Abstractions;

/// <summary>A float32 vector in 64-byte-aligned native memory, zero at first. Pages are taken from the system when they are first touched.</summary>
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

    ~NativeVector() => Free();

    public int Length { get; }

    /// <summary>First element, 64-byte aligned.</summary>
    public float* Pointer { get; private set; }

    public Span<float> Span => new(Pointer, Length);

    /// <summary>A view over memory that somebody else owns (a mapped file); disposing it frees nothing.</summary>
    /// <param name="external">The first element.</param>
    /// <param name="length">Number of elements.</param>
    /// <param name="owner">What must not be collected before the view; null where somebody else sees to that.</param>
    public static NativeVector View(float* external, int length, object? owner = null) => new(external, length, owner);

    public Span<float> Slice(int offset, int length)
    {
        if ((uint)offset > (uint)Length || (uint)length > (uint)(Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"[{offset}, {offset}+{length}) is outside a vector of {Length}.");
        }

        return new Span<float>(Pointer + offset, length);
    }

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
