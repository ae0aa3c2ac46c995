using System.Globalization;

namespace Orchestrator.Sweeps;

/// <summary>
/// How often the system has killed processes because memory ran out; what tells such a death from
/// somebody's <c>kill -9</c>.
/// </summary>
internal static class OutOfMemoryKills
{
    private static readonly string[] Counters = ["/proc/vmstat", "/sys/fs/cgroup/memory.events"];

    /// <summary>The counts so far; 0 where the system keeps none.</summary>
    public static long Read() => Counters.Sum(Read);

    private static long Read(string file)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("oom_kill ", StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
