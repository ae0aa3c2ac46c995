using System.Diagnostics;
using System.Runtime.Versioning;
using Orchestrator.Host.Tests;

namespace Orchestrator.Launchers.Tests;

/// <summary>
/// A sweep in a Slurm of this test's, disturbed at random moments in all the ways in which a cluster
/// disturbs.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DisturbedSweep
{
    /// <summary>The ways.</summary>
    public static readonly string[] Kinds =
        ["signal ahead", "SIGTERM", "requeue", "scancel", "time limit", "killed program", "killed claimant", "drained node", "lost node"];

    /// <summary>Time that a task may take to hand back, s.</summary>
    public const double LongestDrain = 30;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    private readonly Cli program;
    private readonly Scheduler scheduler;
    private readonly Random random;
    private readonly string[] command;
    private readonly List<(string Node, long At)> drained = [];
    private readonly List<(string Node, long At)> lost = [];
    private readonly List<(int Job, long Told, HashSet<int> Owners)> ending = [];
    private readonly Claims claims;
    private List<RunningTask> running = [];

    public DisturbedSweep(Cli program, Scheduler scheduler, string file, string output, int tasks, Random random)
    {
        (this.program, this.scheduler, this.random, claims) = (program, scheduler, random, new Claims(output));
        var profile = program.Pipeline(
            $$"""{ "launcher": "slurm", "time": "30", "taskMinutes": 0, "tasks": {{tasks}}, "leadSeconds": 30 }""", "soak-profile.json");
        command =
        [
            "run", file, "--profile", profile, "--quiet", "--no-report", "--retry", "--lease", "5", "--checkpoint-updates", "1000",
            "--output", output, "--results", output,
        ];
    }

    /// <summary>How often each way was used.</summary>
    public Dictionary<string, int> Counts { get; } = Kinds.ToDictionary(kind => kind, _ => 0);

    /// <summary>How long claims took to be handed back by tasks that were told to end, s.</summary>
    public List<double> Drains { get; } = [];

    /// <summary>
    /// Claims whose processes were killed soon after they were told to end: nobody can hand them back, and
    /// they are taken over once the lease is over.
    /// </summary>
    public int Killed { get; private set; }

    /// <summary>How often it was submitted.</summary>
    public int Submissions { get; private set; }

    public Claims Claims => claims;

    /// <summary>Disturbs it so often at most, and waits until all its runs are done.</summary>
    /// <returns>How often.</returns>
    public int Run(int most, int runs)
    {
        var (clock, count) = (Stopwatch.StartNew(), 0);
        while (claims.Done < runs)
        {
            running = scheduler.Running();
            if (running.Count == 0 && !scheduler.HasJobs())
            {
                GoOn(isOver: true);
                Submit();
            }

            GoOn(isOver: false);
            Watch();
            if (count < most && Disturb() is { } kind)
            {
                Counts[kind]++;
                count++;
            }

            if (clock.Elapsed > Longest)
            {
                throw new InvalidOperationException($"not complete after {Longest}: {claims.Done} of {runs}");
            }

            Thread.Sleep(random.Next(100, 600));
        }

        GoOn(isOver: true);
        while (scheduler.HasJobs())
        {
            Watch();
            Thread.Sleep(500);
        }

        // Nothing is left: it makes the table.
        Submit();
        return count;
    }

    private void Submit()
    {
        var ended = program.Run(command);
        Submissions++;
        if (ended.ExitCode != 0)
        {
            throw new InvalidOperationException($"exit code {ended.ExitCode}: {ended.Error}");
        }
    }

    private string? Disturb()
    {
        // Those at work are of more interest than those that are being started.
        var atJob = claims.Owners().ToLookup(Scheduler.JobOf);
        var tasks = running.Where(task => drained.TrueForAll(node => node.Node != task.Node))
            .Select(task => (Task: task, Owners: OwnersOf(task, atJob))).ToList();
        var atWork = tasks.Where(task => task.Owners.Count > 0).ToList();
        var victims = atWork.Count > 0 && random.Next(4) > 0 ? atWork : tasks;
        if (victims.Count == 0)
        {
            return null;
        }

        var (victim, working) = victims[random.Next(victims.Count)];
        var kind = Kinds[random.Next(random.Next(8) == 0 ? Kinds.Length : Kinds.Length - 2)];
        switch (kind)
        {
            case "signal ahead":
                Scheduler.Ask("scancel", "--batch", "--signal=USR1", victim.Name);
                break;
            case "SIGTERM":
                Scheduler.Ask("scancel", "--full", "--signal=TERM", victim.Name);
                break;
            case "requeue":
                Scheduler.Ask("scontrol", "requeue", victim.Name);
                break;
            case "scancel":
                Scheduler.Ask("scancel", victim.Name);
                break;
            case "time limit":
                // Slurm sends the signal ahead as soon as it sees, and ends the task at the limit.
                Scheduler.Ask("scontrol", "update", "jobid=" + victim.Name, "timelimit=1");
                return kind;
            case "killed program":
                Scheduler.Kill(Scheduler.Processes("SLURM_JOB_ID", $"{victim.Job}")
                    .Where(process => Scheduler.Command(process).Contains("sweep-task", StringComparison.Ordinal)));
                return kind;
            case "killed claimant" when working.Count > 0:
                Scheduler.Kill(working);
                return kind;
            case "drained node":
                Scheduler.Ask("scontrol", "update", "nodename=" + victim.Node, "state=drain", "reason=soak");
                drained.Add((victim.Node, Environment.TickCount64 + random.Next(3000, 8000)));
                foreach (var (task, its) in tasks.Where(task => task.Task.Node == victim.Node))
                {
                    Scheduler.Ask("scontrol", "requeue", task.Name);
                    ending.Add((task.Job, Stopwatch.GetTimestamp(), its));
                }

                return kind;
            case "lost node" when lost.Count == 0:
                scheduler.Lose(victim.Node);
                lost.Add((victim.Node, Environment.TickCount64 + random.Next(3000, 8000)));
                return kind;
            default:
                return null;
        }

        ending.Add((victim.Job, Stopwatch.GetTimestamp(), working));
        return kind;
    }

    private static HashSet<int> OwnersOf(RunningTask task, ILookup<int, int> owners) => [.. owners[task.Job]];

    // Who was told to end has handed back once no claim is its process's. Who is killed before that, by
    // another disturbance or by Slurm, leaves its claim as it is; had it the time that is allowed, it
    // counts as one that took longer.
    private void Watch()
    {
        var owners = claims.Owners();
        foreach (var task in ending.ToList())
        {
            var holding = task.Owners.Where(owners.Contains).ToList();
            if (holding.Exists(process => Scheduler.JobOf(process) == task.Job))
            {
                continue;
            }

            ending.Remove(task);
            var seconds = Stopwatch.GetElapsedTime(task.Told).TotalSeconds;
            if (holding.Count > 0 && seconds <= LongestDrain)
            {
                Killed++;
            }
            else
            {
                Drains.Add(seconds);
            }
        }
    }

    private void GoOn(bool isOver)
    {
        var now = Environment.TickCount64;
        foreach (var (node, _) in drained.Where(node => isOver || node.At <= now))
        {
            Scheduler.Ask("scontrol", "update", "nodename=" + node, "state=resume");
        }

        foreach (var (node, _) in lost.Where(node => isOver || node.At <= now))
        {
            scheduler.Mend(node);
        }

        drained.RemoveAll(node => isOver || node.At <= now);
        lost.RemoveAll(node => isOver || node.At <= now);
    }
}
