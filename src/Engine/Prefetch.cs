using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Engine;

/// <summary>Asks for memory that will be read in a microsecond. It changes nothing but the time of that read; an address that has moved meanwhile does no harm.</summary>
internal static unsafe class Prefetch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void At<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
        }
    }

    /// <summary>The beginning of an object, without reading it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Object(object target)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((void*)Unsafe.As<object, nint>(ref target));
        }
    }
}
