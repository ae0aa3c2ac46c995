using System.Runtime.InteropServices;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// glibc gives large blocks back to the system when they are freed, and libtorch frees every
/// intermediate result: each operation would fault its pages in anew. Told to keep them, LeNet5
/// with batch 32 takes a fifth of the time.
/// </summary>
internal static partial class Allocator
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    /// <summary>Once a process; of no effect where the C library is not glibc.</summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Mallopt(TrimThreshold, int.MaxValue);
            _ = Mallopt(MmapThreshold, int.MaxValue);
            _ = Mallopt(TopPad, 64 << 20);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, such as musl: slower, and right all the same.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
