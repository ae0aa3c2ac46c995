using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Results;

namespace Orchestrator.Host;

/// <summary>One run from the checked pipeline to the finished run folder, whatever happens on the way.</summary>
internal sealed class RunSession(ResolvedPipeline pipeline, DataFolders folders, string output, int cores)
{
    /// <summary>What is worth a line below the summary: timer error, overruns, idle cores.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    /// <summary>The program's version.</summary>
    public static string ProgramVersion =>
        typeof(RunSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <exception cref="RecorderException">The run folder cannot be made or finished.</exception>
    public RunSummary Run(Terminal terminal, bool quiet, CancellationToken stop)
    {
        var experiment = ExperimentBuilder.Build(pipeline, folders, cores);
        using var folder = RunFolder.Create(output, pipeline.Name, pipeline.Id);
        folder.Start(pipeline.Json, Describe(experiment));
        var progress = new RunProgress();
        RunOutcome outcome;
        Recorder? recorder = null;
        var elapsed = Stopwatch.StartNew();
        try
        {
            recorder = new Recorder(folder.FullPath, experiment.Objective.Layout);
            using var training = new Training(experiment, recorder, progress);
            var ended = quiet
                ? training.Run(stop)
                : new ProgressView(terminal, Title(), at => ShareDone(experiment, at), progress).While(() => training.Run(stop));
            elapsed.Stop();
            recorder.Finish(ended.Parameters.AsSpan(0, experiment.Objective.Layout.Length), ended.Parameters.AsSpan(experiment.Objective.Layout.Length));
            Remarks = RemarksOf(ended);
            outcome = OutcomeOf(ended, elapsed.Elapsed.TotalSeconds);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            recorder?.Dispose();
            var known = failure is EngineException or WorkerFailedException or RecorderException or TransportException or OptionException or DataException;
            outcome = new RunOutcome
            {
                Status = RunStatus.Failed,
                Message = string.Create(CultureInfo.InvariantCulture,
                    $"{(known ? "" : failure.GetType().Name + ": ")}{failure.Message} (version {progress.Updates}, {(experiment.Clock == ClockKind.Virtual ? "virtual" : "wall")} time {progress.Now / 1e9:F3} s)"),
                WallSeconds = elapsed.Elapsed.TotalSeconds,
                VirtualSeconds = experiment.Clock == ClockKind.Virtual ? progress.Now / 1e9 : null,
            };
        }

        using (recorder)
        {
            var summary = folder.Summarize(outcome, recorder);
            Finish(folder, summary, terminal);
            return summary;
        }
    }

    // On a full disk even the last word may not fit; the summary is still worth showing, and the folder reads as interrupted.
    private static void Finish(RunFolder folder, RunSummary summary, Terminal terminal)
    {
        try
        {
            folder.Finish(summary);
        }
        catch (RecorderException failure) when (summary.Status == RunStatus.Failed)
        {
            terminal.Warn(failure.Message);
        }
    }

    private RunOutcome OutcomeOf(Outcome ended, double seconds) => new()
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
            RunEnd.Interrupted => "Stopped by a signal; the results so far are kept.",
            _ => null,
        },
        WallSeconds = seconds,
        VirtualSeconds = pipeline.Clock == ClockKind.Virtual ? ended.Now / 1e9 : null,
        Updates = ended.Updates,
    };

    private static List<string> RemarksOf(Outcome ended)
    {
        var remarks = ended.Remarks.ToList();
        if (ended.IdleShare >= 0.05)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"the server waited {ended.IdleShare * 100:F0} % of the time: too few gradients can be computed at once to use all cores"));
        }

        return remarks;
    }

    private RunDescription Describe(Experiment experiment) => new()
    {
        ProgramVersion = ProgramVersion,
        KernelPath = experiment.Objective.KernelPath,
        DatasetFingerprint = experiment.Data.Fingerprint,
        IsVirtual = experiment.Clock == ClockKind.Virtual,
        Workers = experiment.Workers,
        Classes = experiment.Shape.Classes,
        Options = new Dictionary<string, string> { ["threads"] = cores.ToString(CultureInfo.InvariantCulture) },
    };

    private string Title() => string.Create(CultureInfo.InvariantCulture,
        $"{pipeline.Name}: {pipeline.Model.Name} on {pipeline.Dataset.Name}, {pipeline.Workers.Count} workers, {pipeline.Consistency.Name}, {pipeline.Clock.ToString().ToLowerInvariant()} clock, seed {pipeline.Seed}");

    // How much of the way to the nearest limit is behind.
    private static double ShareDone(Experiment experiment, RunProgress progress)
    {
        var stop = experiment.Stop;
        var samples = progress.Epoch * experiment.Shape.TrainCount;
        var perPass = experiment.Partitions.Sum(rows => (double)rows.Length) * (experiment.Partitions.Count == 1 ? experiment.Workers : 1);
        return new[]
        {
            stop.Passes is { } passes ? samples / (passes * perPass) : 0,
            stop.Epochs is { } epochs ? progress.Epoch / epochs : 0,
            stop.Samples is { } most ? samples / most : 0,
            stop.Updates is { } updates ? (double)progress.Updates / updates : 0,
            stop.Seconds is { } seconds ? progress.Now / 1e9 / seconds : 0,
        }.Max();
    }
}
