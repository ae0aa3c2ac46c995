using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// Runs a recorded run again and compares every record. A run on the virtual clock draws its own
/// times again; one on the wall clock, or on another run's
/// schedule, follows the order and the times in its own record.
/// </summary>
internal sealed class Verification(RunEntry run, ResolvedPipeline pipeline, ITransport transport, RunOptions options)
{
    private readonly RunDocument document = run.Document!;

    /// <summary>
    /// Ended in order, so that the record has its last evaluation, parameters and digest.
    /// </summary>
    private bool IsWhole => document.Digest is not null;

    /// <exception cref="RunRefusedException">The run cannot be run again: data or plugins are not
    /// what they were.</exception>
    public ReplayReport Run(CancellationToken stop)
    {
        var experiment = ExperimentBuilder.Build(pipeline, options.Data, options.Cores) with { Transport = transport };
        var grounds = ReplayTerms.Check(run, pipeline, RunPreparation.Describe(pipeline, experiment, options.Cores));
        foreach (var note in grounds.Notes)
        {
            options.Console.Note(note);
        }

        foreach (var warning in grounds.Warnings)
        {
            options.Console.Warn(warning);
        }

        var partitions = PartitionSkew.Of(experiment.Partitions, experiment.Data.Train.Labels, experiment.Shape.Classes, experiment.Data.Train.Count);
        var report = new ReplayReport(run, grounds) { Difference = EndComparison.Partitions(run.Folder, partitions) };
        if (report.Difference is not null)
        {
            return report;
        }

        if (!document.Run.IsVirtual || document.Run.Schedule is not null)
        {
            experiment = experiment with { Schedule = RunSchedules.Read(run.Folder, experiment.Workers, [], out _) };
        }

        return Replay(experiment, report, stop);
    }

    private ReplayReport Replay(Experiment experiment, ReplayReport report, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var verifier = new RecordVerifier(run.Folder, IsWhole, run.Status == RunStatus.Interrupted, end.Cancel);
        var progress = new RunProgress();
        using var training = new Training(experiment, verifier, progress);
        verifier.Begin();
        Outcome? outcome = null;
        string? failure = null;
        try
        {
            var total = Math.Max(1, document.Summary?.Updates ?? 0);
            using var shown = options.Console.Show(new RunView($"verification of {run.Name} {run.Id}-{run.Attempt}", progress, () => (double)progress.Updates / total));
            outcome = training.Run(end.Token);
        }
        catch (Exception broken) when (broken is EngineException or WorkerFailedException)
        {
            failure = broken.Message;
        }

        report = report with { Pushes = verifier.Pushes, Evaluations = verifier.Evaluations, WasInterrupted = stop.IsCancellationRequested && verifier.Difference is null };
        return report.WasInterrupted ? report : report with { Difference = FirstDifference(experiment, verifier, outcome, failure ?? verifier.Problem) };
    }

    private Difference? FirstDifference(Experiment experiment, RecordVerifier verifier, Outcome? outcome, string? problem)
    {
        // A row that no run can have made, or that is no row, ends the replay before it; the rows
        // before it come first.
        var difference = verifier.Difference ?? (problem is null ? verifier.Finish() : new Difference(run.Folder, 0, null, "", problem, ""));
        if (difference is not null || outcome is null || !IsWhole)
        {
            return difference;
        }

        var length = experiment.Objective.Layout.Length;
        var ended = new RunOutcome
        {
            Status = run.Status,
            WallSeconds = 0,
            VirtualSeconds = document.Run.IsVirtual ? outcome.Now / 1e9 : null,
            Updates = outcome.Updates,
        };
        try
        {
            return EndComparison.Parameters(run.Folder, experiment.Objective.Layout, outcome.Parameters)
                ?? EndComparison.Document(run, ended, verifier, outcome.Parameters.AsSpan(0, length));
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new Difference("parameters.safetensors", 0, null, "", unreadable.Message, "");
        }
    }
}
