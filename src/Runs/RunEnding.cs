using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>What is said of a run when it has ended.</summary>
internal static class RunEnding
{
    public static RunOutcome OutcomeOf(Outcome ended, ClockKind clock, double seconds) => new()
    {
        Status = ended.End switch
        {
            RunEnd.Completed => RunStatus.Completed,
            RunEnd.Interrupted => RunStatus.Interrupted,
            _ => RunStatus.Diverged,
        },
        Message = ended.End switch
        {
            RunEnd.Diverged => $"A loss, a gradient or an update was not finite after {ended.Updates} updates.",
            RunEnd.Interrupted => "Stopped by a signal; run --resume goes on from here.",
            _ => null,
        },
        WallSeconds = seconds,
        VirtualSeconds = clock == ClockKind.Virtual ? ended.Now / 1e9 : null,
        Updates = ended.Updates,
        Hosts = ended.Hosts.Count,
        HostTraffic = ended.Hosts.Any(host => host.Host > 0) ? ended.Hosts : null,
    };

    /// <summary>
    /// The run ended by an exception; of one that nobody foresaw its kind is told too.
    /// </summary>
    public static RunOutcome FailureOf(Exception failure, ClockKind clock, RunProgress progress, double seconds)
    {
        var isKnown = failure is EngineException or WorkerFailedException or RecorderException or TransportException or OptionException or DataException or OutOfMemoryException;
        var place = string.Create(CultureInfo.InvariantCulture, $"version {progress.Updates}, {clock.ToString().ToLowerInvariant()} time {progress.Now / 1e9:F3} s");
        return new RunOutcome
        {
            Status = RunStatus.Failed,
            Message = $"{(isKnown ? "" : failure.GetType().Name + ": ")}{failure.Message} ({place})",
            WallSeconds = seconds,
            VirtualSeconds = clock == ClockKind.Virtual ? progress.Now / 1e9 : null,
        };
    }

    public static List<string> RemarksOf(Outcome ended, Experiment experiment, RunProgress progress, CheckpointWriter checkpoints)
    {
        var remarks = ended.Remarks.ToList();
        if (experiment.Schedule is not null && ended.End == RunEnd.Completed && ShareDone(experiment, progress) < 1)
        {
            remarks.Add("the recorded schedule ended before a limit of the pipeline was reached");
        }

        if (LostSamples(experiment) is > 0 and var lost)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{lost:N0} of {experiment.Shape.TrainCount:N0} training samples are lost with workers that are absent: {string.Join(", ", experiment.Absent)}"));
        }

        if (checkpoints.Written > 0)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{checkpoints.Written} {(checkpoints.Written == 1 ? "checkpoint" : "checkpoints")} took {checkpoints.Cost:F2} s"));
        }

        if (ended.IdleShare >= 0.05 && ended.Hosts.All(host => host.Host == 0))
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"the server waited {ended.IdleShare * 100:F0} % of the time: too few gradients can be computed at once to use all cores"));
        }

        remarks.AddRange(HostLines.Of(ended.Hosts));
        return remarks;
    }

    // What all workers share is lost with none of them.
    private static long LostSamples(Experiment experiment) => experiment.Partitions.Count == 1 ? 0 : experiment.Absent.Sum(worker => (long)experiment.Partitions[worker].Length);

    /// <summary>
    /// How much of the way to the nearest limit is behind: all of it where every worker has made its
    /// passes, though pushes were dropped or cancelled.
    /// </summary>
    public static double ShareDone(Experiment experiment, RunProgress progress)
    {
        var stop = experiment.Stop;
        var samples = progress.Epoch * experiment.Shape.TrainCount;
        var perPass = (experiment.Partitions.Sum(rows => (double)rows.Length) * (experiment.Partitions.Count == 1 ? experiment.Workers - experiment.Absent.Count : 1)) - LostSamples(experiment);
        return new[]
        {
            stop.Passes is { } passes ? progress.Workers == 0 ? 1 : samples / (passes * perPass) : 0,
            stop.Epochs is { } epochs ? progress.Epoch / epochs : 0,
            stop.Samples is { } most ? samples / most : 0,
            stop.Updates is { } updates ? (double)progress.Updates / updates : 0,
            stop.Seconds is { } seconds ? progress.Now / 1e9 / seconds : 0,
        }.Max();
    }
}
