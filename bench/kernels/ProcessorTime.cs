using System.Runtime.InteropServices;

namespace Orchestrator.Kernels;

internal static partial class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>Of this thread where the system tells (Linux), else of the process.</summary>
    public static double Milliseconds()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadClock, out var time) == 0)
        {
            return (time.Seconds * 1e3) + (time.Nanoseconds * 1e-6);
        }

        return Environment.CpuUsage.TotalTime.TotalMilliseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
