using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Numerics;

/// <summary>
/// Asks for memory that will be read in a microsecond. It changes nothing but the time of that
/// read; an address that has moved meanwhile does no harm.
/// </summary>
public static unsafe class CacheLines
{
    private const int Line = 64;

    /// <summary>The cache line that a place begins in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
        }
    }

    /// <summary>All of a piece of memory.</summary>
    public static void FetchAll(ReadOnlySpan<byte> piece)
    {
        ref var first = ref MemoryMarshal.GetReference(piece);
        for (var i = 0; i < piece.Length; i += Line)
        {
            Fetch(ref Unsafe.Add(ref first, i));
        }
    }

    /// <summary>The beginning of an object, without reading it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchObject(object target)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((void*)Unsafe.As<object, nint>(ref target));
        }
    }
}
