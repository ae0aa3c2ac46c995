using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// One run from the checked pipeline to the finished run folder, whatever happens on the way. A
/// process may have several at the same time; they share
/// nothing but what their options share.
/// </summary>
/// <param name="pipeline">What to run. Its plugins are made anew for each run.</param>
/// <param name="options">Everything else.</param>
public sealed class RunSession(ResolvedPipeline pipeline, RunOptions options)
{
    private readonly IRunConsole console = options.Console;

    /// <summary>The program's version.</summary>
    public static string ProgramVersion => RunPreparation.ProgramVersion;

    /// <summary>A new run, from its beginning until it ends.</summary>
    /// <param name="output">The folder of all runs, <c>runs</c> for the program; the run's own is
    /// made in it.</param>
    /// <param name="stop">Ends it early, as interrupted, with a checkpoint.</param>
    /// <exception cref="RunRefusedException">It cannot be as asked for; there is no
    /// folder.</exception>
    /// <exception cref="DataException">The data is not there; there is no folder.</exception>
    /// <exception cref="RecorderException">The run folder cannot be made or finished.</exception>
    public RunSummary Start(string output, CancellationToken stop = default)
    {
        var run = RunPreparation.Prepare(pipeline, options);
        using var folder = RunFolder.Create(output, pipeline.Name, pipeline.Id);
        folder.Start(pipeline.Json, run.Description, run.Experiment.Objective.Vectors);
        options.FolderMade?.Invoke(folder.FullPath);
        folder.WritePartitions(run.Skew);
        if (run.Experiment.Data.Train.Groups is { IsEmpty: false } groups)
        {
            folder.WriteGroups(run.Experiment.Partitions, groups, run.Experiment.Shape.GroupNames);
        }

        return Run(folder, run.Experiment, null, stop);
    }

    /// <summary>
    /// Goes on with a run that ended early, from its newest whole checkpoint, in its folder.
    /// </summary>
    /// <param name="run">As read.</param>
    /// <param name="stop">Ends it early again.</param>
    /// <exception cref="RunRefusedException">It cannot go on exactly; the message says
    /// why.</exception>
    /// <exception cref="DataException">The data is not there.</exception>
    /// <exception cref="RecorderException">Another process has the run, or the folder cannot be
    /// written.</exception>
    public RunSummary Resume(RunEntry run, CancellationToken stop = default)
    {
        var prepared = RunPreparation.Prepare(pipeline, options);
        Resumption.Check(run, pipeline, prepared.Description, console);
        using var folder = RunFolder.Reopen(run);
        var problems = new List<string>();
        var checkpoint = new CheckpointFolder(run.Folder).OpenNewest(problems);
        problems.ForEach(console.Warn);
        if (checkpoint is not { } found)
        {
            throw new RunRefusedException($"{run.Folder}: it has no whole checkpoint to go on from; run the pipeline again.");
        }

        using (found.State)
        {
            folder.GoOn(found.Header);
            console.Note($"Going on from version {found.Header.Version}.");
            return Run(folder, prepared.Experiment, found, stop);
        }
    }

    private RunSummary Run(RunFolder folder, Experiment experiment, (CheckpointHeader Header, Stream State)? from, CancellationToken stop)
    {
        options.StartUp?.DataLoaded();
        var progress = new RunProgress();
        var name = Path.GetFileName(folder.FullPath);
        using var watch = options.Telemetry.Watch(pipeline, name, options.Labels, progress, console);
        experiment = experiment with { Observer = watch?.Observer, Traces = watch?.Traces, Session = experiment.Session with { Run = name } };
        IReadOnlyList<string> remarks = [];
        RunOutcome outcome;
        Recorder? recorder = null;
        CheckpointWriter? checkpoints = null;
        try
        {
            var layout = experiment.Objective.Layout;
            experiment = experiment with { Snapshots = experiment.SnapshotPlan is null ? null : new SnapshotWriter(folder.FullPath, layout) };
            recorder = from is { } start ? Recorder.Resume(folder.FullPath, layout, start.Header.Position) : new Recorder(folder.FullPath, layout, experiment.EvaluatesMoreSets, experiment.Evaluation.PerClass);
            checkpoints = new CheckpointWriter(options.Checkpoints, new CheckpointFolder(folder.FullPath), recorder, from?.Header.WallSeconds ?? 0);
            var ended = Train(experiment, recorder, checkpoints, progress, from?.State, stop);
            var seconds = checkpoints.Seconds;
            recorder.Finish(ended.Parameters.AsSpan(0, layout.Length), ended.Parameters.AsSpan(layout.Length));
            remarks = RunEnding.RemarksOf(ended, experiment, progress, checkpoints);
            outcome = RunEnding.OutcomeOf(ended, experiment.Clock, seconds);
        }
        catch (Exception failure)
        {
            recorder?.Dispose();
            outcome = RunEnding.FailureOf(failure, experiment.Clock, progress, checkpoints?.Seconds ?? 0);
        }

        using (recorder)
        {
            outcome = outcome with { StartUp = options.StartUp?.Times(progress) };
            var summary = folder.Summarize(outcome, recorder);
            summary = summary with { Notes = [.. remarks, .. recorder is null ? [] : ConvergenceHint.Of(summary, recorder.Statistics, pipeline)] };
            Finish(folder, summary);

            // Written before, so that a receiver that takes its time cannot cost the run its end.
            if (watch?.Close(summary) is { Count: > 0 } lost)
            {
                summary = summary with { Notes = [.. summary.Notes, .. lost] };
                Finish(folder, summary);
            }

            return summary;
        }
    }

    private Outcome Train(Experiment experiment, Recorder recorder, CheckpointWriter checkpoints, RunProgress progress, Stream? state, CancellationToken stop)
    {
        using var own = new OwnHosts(options.Hosts with { Variables = HostWatch.VariablesFor(pipeline.Telemetry) }, options.HostStarter, options.Cores, console, stop);
        using var training = new Training(experiment, recorder, progress, checkpoints) { HostJoined = own.Joined, HostLeft = own.Left };
        if (state is not null)
        {
            training.Restore(state);
        }

        own.Start(training.Meeting);
        using var answer = options.CheckpointRequests?.Answer(() => WriteCheckpointNow(training, checkpoints));
        Outcome ended;
        using (console.Show(new RunView(Title(), progress, () => RunEnding.ShareDone(experiment, progress))))
        {
            try
            {
                ended = training.Run(own.Stop);
            }
            finally
            {
                own.Over();
            }
        }

        own.ThrowIfFailed();
        return ended;
    }

    // Asked for by somebody who goes on: what cannot be written now is tried again when the rule
    // says so, and ends the run then.
    private void WriteCheckpointNow(Training training, CheckpointWriter checkpoints)
    {
        var before = checkpoints.Written;
        try
        {
            training.WriteCheckpointNow();
        }
        catch (RecorderException failure)
        {
            console.Warn($"the checkpoint that was asked for cannot be written: {failure.Message}");
            return;
        }

        if (checkpoints.Written > before)
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"Checkpoint written at version {checkpoints.LastVersion}; the run goes on."));
        }
    }

    // On a full disk even the last word may not fit; the summary is still worth showing, and the
    // folder reads as interrupted.
    private void Finish(RunFolder folder, RunSummary summary)
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

    private string Title() => string.Create(CultureInfo.InvariantCulture,
        $"{pipeline.Name}: {pipeline.Model.Name} on {pipeline.Dataset.Name}, {pipeline.Workers.Count} workers, {pipeline.Consistency.Name}, {pipeline.Clock.ToString().ToLowerInvariant()} clock, seed {pipeline.Seed}");
}
