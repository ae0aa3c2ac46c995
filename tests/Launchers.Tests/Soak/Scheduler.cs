using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Orchestrator.Launchers.Tests;

/// <summary>A task that runs.</summary>
/// <param name="Name">As Slurm writes it: JOB_INDEX.</param>
/// <param name="Job">Its own number.</param>
/// <param name="Node">Where.</param>
internal sealed record RunningTask(string Name, int Job, string Node);

/// <summary>A Slurm of this test, as whoever disturbs it uses it.</summary>
/// <param name="folder">Where it was started.</param>
[SupportedOSPlatform("linux")]
internal sealed class Scheduler(string folder)
{
    private const int TimeLimitColumns = 3;

    /// <summary>Tasks that run.</summary>
    public List<RunningTask> Running() =>
    [
        .. Ask("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%i %A %N").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length == TimeLimitColumns)
            .Select(fields => new RunningTask(fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2])),
    ];

    /// <summary>Whether any job waits, runs or is about to end.</summary>
    public bool HasJobs() => Ask("squeue", "--noheader", "--format=%i").Trim().Length > 0;

    /// <summary>The number of the job that a process belongs to; 0 where it has ended.</summary>
    public static int JobOf(int process)
    {
        try
        {
            const string Variable = "SLURM_JOB_ID=";
            var variables = File.ReadAllText($"/proc/{process}/environ").Split('\0');
            var found = Array.Find(variables, variable => variable.StartsWith(Variable, StringComparison.Ordinal));
            return found is null ? 0 : int.Parse(found[Variable.Length..], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Processes of a task, by what Slurm gives them.</summary>
    public static List<int> Processes(string variable, string value)
    {
        var (wanted, found) = ($"{variable}={value}", new List<int>());
        foreach (var process in All())
        {
            try
            {
                if (File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains(wanted))
                {
                    found.Add(process);
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return found;
    }

    /// <summary>The name that a process goes by: the first words of its command line.</summary>
    public static string Command(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static void Kill(IEnumerable<int> processes)
    {
        foreach (var process in processes)
        {
            Run("kill", ["-KILL", process.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    /// <summary>The node's power fails: its daemon, what watches its tasks, and the tasks.</summary>
    public void Lose(string node)
    {
        var daemon = File.ReadAllText(Path.Combine(folder, node + ".pid")).Trim();
        var jobs = Running().Where(task => task.Node == node).Select(task => $"slurmstepd: [{task.Job}.").ToList();
        Run("kill", ["-KILL", daemon]);
        Kill(All().Where(process => jobs.Exists(job => Command(process).StartsWith(job, StringComparison.Ordinal))));
        Kill(Processes("SLURMD_NODENAME", node));
        Ask("scontrol", "update", "nodename=" + node, "state=down", "reason=lost");
    }

    /// <summary>The node is there again.</summary>
    public void Mend(string node)
    {
        Run("bash", ["-c", $"PATH=$PATH:/usr/sbin; slurmd -f '{folder}/slurm.conf' -N {node} >/dev/null 2>&1 </dev/null"]);
        Ask("scontrol", "update", "nodename=" + node, "state=resume");
    }

    /// <summary>What a program prints; nothing where it says no: the task may have ended.</summary>
    public static string Ask(string program, params string[] arguments) => Run(program, arguments);

    private static IEnumerable<int> All() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let number = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0
        where number > 0
        select number;

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
