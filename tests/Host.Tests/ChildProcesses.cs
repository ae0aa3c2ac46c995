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
            children.AddRange(Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
        }

        return [.. children.Where(IsAlive)];
    }

    /// <summary>Those that have begun to compute.</summary>
    public static List<int> Computing(int process) => [.. Of(process).Where(Computes)];

    /// <summary>Whether a process has compute threads.</summary>
    public static bool Computes(int process) =>
        Folders($"/proc/{process}/task").Any(task => Read(Path.Combine(task, "comm")).StartsWith("compute", StringComparison.Ordinal));

    // Not a zombie; the state follows the name in brackets.
    private static bool IsAlive(int process) => Read($"/proc/{process}/stat") is { Length: > 0 } stat && !stat[stat.LastIndexOf(')')..].StartsWith(") Z", StringComparison.Ordinal);

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
