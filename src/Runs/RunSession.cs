using System.Globalization;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>One run from the checked pipeline to the finished run folder, whatever happens on the way.</summary>
public sealed class RunSession(ResolvedPipeline pipeline, DataFolders folders, int cores, CheckpointRule rule, int? metricsPort, HostSettings hosts, StartUp startUp, Task? rehearsal = null)
{
    private ScheduleSource? source;

    /// <summary>What is worth a line below the summary: timer error, overruns, idle cores.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    /// <summary>The program's version.</summary>
    public static string ProgramVersion =>
        typeof(RunSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>A new run.</summary>
    /// <exception cref="RecorderException">The run folder cannot be made or finished.</exception>
    public RunSummary Start(string output, IRunConsole console, CancellationToken stop)
    {
        var experiment = Build(console);
        using var folder = RunFolder.Create(output, pipeline.Name, pipeline.Id);
        folder.Start(pipeline.Json, Describe(experiment));
        folder.WritePartitions(PartitionSkew.Of(experiment.Partitions, experiment.Data.Train.Labels, experiment.Shape.Classes, experiment.Data.Train.Count));
        return Run(folder, experiment, null, console, stop);
    }

    /// <summary>Goes on with a run that ended early, from its newest whole checkpoint.</summary>
    /// <exception cref="RunRefusedException">It cannot go on exactly; the message says why.</exception>
    public RunSummary Resume(RunEntry run, IRunConsole console, CancellationToken stop)
    {
        var experiment = Build(console);
        Resumption.Check(run, pipeline, Describe(experiment), console);
        var problems = new List<string>();
        var checkpoint = new CheckpointFolder(run.Folder).OpenNewest(problems);
        problems.ForEach(console.Warn);
        if (checkpoint is not { } found)
        {
            throw new RunRefusedException($"{run.Folder}: it has no whole checkpoint to go on from; run the pipeline again.");
        }

        using (found.State)
        using (var folder = RunFolder.Reopen(run))
        {
            console.Note($"Going on from version {found.Header.Version}.");
            return Run(folder, experiment, found, console, stop);
        }
    }

    private RunSummary Run(RunFolder folder, Experiment experiment, (CheckpointHeader Header, Stream State)? from, IRunConsole console, CancellationToken stop)
    {
        startUp.DataLoaded();
        var progress = new RunProgress();
        using var watch = RunWatch.Start(pipeline, Path.GetFileName(folder.FullPath), progress, metricsPort, console, rehearsal);
        experiment = experiment with { Observer = watch?.Observer, Traces = watch?.Traces, Session = experiment.Session with { Run = Path.GetFileName(folder.FullPath) } };
        RunOutcome outcome;
        Recorder? recorder = null;
        Checkpoints? checkpoints = null;
        try
        {
            var layout = experiment.Objective.Layout;
            recorder = from is { } start ? Recorder.Resume(folder.FullPath, layout, start.Header.Position) : new Recorder(folder.FullPath, layout);
            checkpoints = new Checkpoints(rule, new CheckpointFolder(folder.FullPath), recorder, from?.Header.WallSeconds ?? 0);
            using var own = new LocalHosts(hosts with { Variables = HostWatch.VariablesFor(pipeline.Telemetry) }, cores, console, progress, stop);
            using var training = new Training(experiment, recorder, progress, checkpoints) { HostLeft = own.Left };
            if (from is { } saved)
            {
                training.Restore(saved.State);
            }

            own.Start(training.Meeting);
            Outcome ended;
            using (console.Show(new RunView(Title(), progress, () => ShareDone(experiment, progress))))
            {
                ended = training.Run(own.Stop);
            }

            own.ThrowIfFailed();
            var seconds = checkpoints.Seconds;
            recorder.Finish(ended.Parameters.AsSpan(0, layout.Length), ended.Parameters.AsSpan(layout.Length));
            Remarks = RemarksOf(ended, checkpoints, endedWithSchedule: experiment.Schedule is not null && ended.End == RunEnd.Completed && ShareDone(experiment, progress) < 1);
            outcome = OutcomeOf(ended, seconds);
        }
        catch (Exception failure)
        {
            recorder?.Dispose();
            var known = failure is EngineException or WorkerFailedException or RecorderException or TransportException or OptionException or DataException or OutOfMemoryException;
            outcome = new RunOutcome
            {
                Status = RunStatus.Failed,
                Message = string.Create(CultureInfo.InvariantCulture,
                    $"{(known ? "" : failure.GetType().Name + ": ")}{failure.Message} (version {progress.Updates}, {(experiment.Clock == ClockKind.Virtual ? "virtual" : "wall")} time {progress.Now / 1e9:F3} s)"),
                WallSeconds = checkpoints?.Seconds ?? 0,
                VirtualSeconds = experiment.Clock == ClockKind.Virtual ? progress.Now / 1e9 : null,
            };
        }

        using (recorder)
        {
            outcome = outcome with { StartUp = startUp.Times(progress) };
            var summary = folder.Summarize(outcome, recorder);
            Finish(folder, summary, console);
            Remarks = [.. Remarks, .. watch?.Close(summary) ?? []];
            return summary;
        }
    }

    private Experiment Build(IRunConsole console)
    {
        RunWatch.CheckPort(metricsPort);
        rehearsal ??= RunWatch.Rehearse(pipeline.Telemetry);
        var experiment = ExperimentBuilder.Build(pipeline, folders, cores);
        hosts.Check(experiment.Transport, pipeline.Transport.Name);
        experiment = experiment with { Session = SessionFacts.Describe(pipeline, experiment), Place = hosts.Place, Schedule = Schedule(experiment) };
        foreach (var note in experiment.Data.Notes)
        {
            console.Note($"{pipeline.Dataset.Name}: {note}");
        }

        return experiment;
    }

    // On a full disk even the last word may not fit; the summary is still worth showing, and the folder reads as interrupted.
    private static void Finish(RunFolder folder, RunSummary summary, IRunConsole console)
    {
        try
        {
            folder.Finish(summary);
        }
        catch (RecorderException failure) when (summary.Status == RunStatus.Failed)
        {
            console.Warn(failure.Message);
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
            RunEnd.Interrupted => "Stopped by a signal; run --resume goes on from here.",
            _ => null,
        },
        WallSeconds = seconds,
        VirtualSeconds = pipeline.Clock == ClockKind.Virtual ? ended.Now / 1e9 : null,
        Updates = ended.Updates,
        Hosts = ended.Hosts.Count,
        HostTraffic = ended.Hosts.Any(host => host.Host > 0) ? ended.Hosts : null,
    };

    private static List<string> RemarksOf(Outcome ended, Checkpoints checkpoints, bool endedWithSchedule)
    {
        var remarks = ended.Remarks.ToList();
        if (endedWithSchedule)
        {
            remarks.Add("the recorded schedule ended before a limit of the pipeline was reached");
        }

        if (checkpoints.Written > 0)
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"{checkpoints.Written} checkpoints took {checkpoints.Cost:F2} s"));
        }

        if (ended.IdleShare >= 0.05 && ended.Hosts.All(host => host.Host == 0))
        {
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"the server waited {ended.IdleShare * 100:F0} % of the time: too few gradients can be computed at once to use all cores"));
        }

        remarks.AddRange(HostLines.Of(ended.Hosts));
        return remarks;
    }

    private RecordedSchedule? Schedule(Experiment experiment)
    {
        if (pipeline.Schedule is null)
        {
            return null;
        }

        var run = RunReader.Read(pipeline.Schedule) ?? throw new RunRefusedException($"{pipeline.Schedule}: it is no run folder.");
        (var schedule, source) = RunSchedules.Follow(run, experiment.Workers);
        var recorded = run.Document?.Run.DatasetFingerprint ?? "unknown";
        return recorded == experiment.Data.Fingerprint
            ? schedule
            : throw new RunRefusedException($"{run.Folder}: its schedule is of other data: the fingerprint was {recorded} and is {experiment.Data.Fingerprint}.");
    }

    private RunDescription Describe(Experiment experiment) => Describe(pipeline, experiment, cores) with { Schedule = source };

    /// <summary>What a run folder says of an experiment before its first pull.</summary>
    internal static RunDescription Describe(ResolvedPipeline pipeline, Experiment experiment, int cores) => new()
    {
        ProgramVersion = ProgramVersion,
        Program = Provenance.Program,
        Plugins = Provenance.PluginsOf(pipeline),
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
