using System.Globalization;
using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>A run's worker processes, as the kernel lists them.</summary>
[SupportedOSPlatform("linux")]
internal static class ChildProcesses
{
    /// <summary>Those that live.</summary>
    public static List<int> Of(int process)
    {
        var children = new List<int>();
        foreach (var task in Folders($"/proc/{process}/task"))
        {
            children.AddRange(Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(
                id => int.Parse(id, CultureInfo.InvariantCulture)));
        }

        return [.. children.Where(IsAlive)];
    }

    /// <summary>Those that have begun to compute.</summary>
    public static List<int> Computing(int process) => [.. Of(process).Where(Computes)];

    /// <summary>
    /// Whether a process has compute threads that have used a processor, so that work has reached
    /// them.
    /// </summary>
    public static bool Computes(int process) =>
        Folders($"/proc/{process}/task").Any(task => Read(Path.Combine(task, "comm")).StartsWith("compute", StringComparison.Ordinal) && Ticks(task) > 0);

    /// <summary>
    /// The largest working set a process has had, in bytes; 0 where it has ended.
    /// </summary>
    public static long PeakMemory(int process) =>
        Read($"/proc/{process}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? 1024 * long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            : 0;

    // Processor time in ticks: the 14th and 15th fields, the 12th and 13th after the name in
    // brackets.
    private static long Ticks(string task) =>
        Read(Path.Combine(task, "stat")) is { Length: > 0 } stat && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is var fields
            ? long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)
            : 0;

    // Not a zombie; the state follows the name in brackets.
    private static bool IsAlive(int process) =>
        Read($"/proc/{process}/stat") is { Length: > 0 } stat && !stat[stat.LastIndexOf(')')..].StartsWith(") Z", StringComparison.Ordinal);

    private static string[] Folders(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // Empty where the process has ended meanwhile.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
