using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>Where sweeps are, for people and as JSON.</summary>
internal static class SweepStatusView
{
    private const int MostShown = 20;

    public static void Write(Terminal terminal, IReadOnlyList<(KnownSweep Sweep, SweepStatus Status)> looks, bool isWhole)
    {
        foreach (var (sweep, status) in looks)
        {
            Facts.Title(terminal.Out, sweep.Plan.Name, $"sweep {SweepDocument.IdOf(sweep.Plan)}", status.State.IsComplete ? "green" : "yellow", Word(status), isWhole ? "" : "  " + Counts(status));
            if (isWhole)
            {
                WriteWhole(terminal, sweep, status);
            }
        }
    }

    public static string Json(IReadOnlyList<(KnownSweep Sweep, SweepStatus Status)> looks) => new JsonArray([.. looks.Select(look => (JsonNode)new JsonObject
    {
        ["id"] = SweepDocument.IdOf(look.Sweep.Plan),
        ["name"] = look.Sweep.Plan.Name,
        ["folder"] = look.Sweep.Folder.FullPath,
        ["status"] = Word(look.Status),
        ["cells"] = look.Status.Cells,
        ["cellsDone"] = look.Status.CellsDone,
        ["cellsFailed"] = look.Status.CellsFailed,
        ["cellsRunning"] = look.Status.CellsRunning,
        ["runs"] = look.Status.Runs,
        ["done"] = look.Status.RunsDone,
        ["failed"] = SweepViews.FailedJson(look.Status.State.Failed, look.Sweep.Folder),
        ["running"] = new JsonArray([.. look.Status.Running.Select(run => (JsonNode)new JsonObject
        {
            ["run"] = run.Run.ToString(),
            ["key"] = run.Run.Key,
            ["machine"] = run.Machine,
            ["process"] = run.Process,
            ["claim"] = run.Claim,
            ["isGone"] = run.IsGone,
        })]),
        ["decisions"] = new JsonArray([.. look.Status.State.Decisions.Select(decision => (JsonNode)decision)]),
        ["untriedBuilds"] = look.Sweep.Untried,
    })]).ToJsonString();

    private static void WriteWhole(Terminal terminal, KnownSweep sweep, SweepStatus status)
    {
        Facts.Fact(terminal.Out, "cells", string.Create(CultureInfo.InvariantCulture,
            $"{status.CellsDone:N0} of {status.Cells:N0} done, {status.CellsRunning:N0} running, {status.CellsFailed:N0} failed"));
        Facts.Fact(terminal.Out, "runs", Counts(status));
        foreach (var decision in status.State.Decisions)
        {
            Facts.Fact(terminal.Out, "decided", decision);
        }

        foreach (var run in status.Running.Take(MostShown))
        {
            Facts.Fact(terminal.Out, run.IsGone ? "left" : "running", string.Create(CultureInfo.InvariantCulture,
                $"{run.Run}: process {run.Process} on {run.Machine}{(run.IsGone ? " has ended; the next sweeper goes on" : "")}"));
        }

        foreach (var run in status.State.Failed.Take(MostShown))
        {
            Facts.Fact(terminal.Out, "failed", $"{run}: {Failures.Reason(sweep.Folder, run)}");
        }

        if (status.State.Failed.Count > MostShown)
        {
            Facts.Fact(terminal.Out, "", string.Create(CultureInfo.InvariantCulture, $"and {status.State.Failed.Count - MostShown} more failed"));
        }

        if (sweep.Untried > 0)
        {
            Facts.Fact(terminal.Out, "builds", "some results are of another build of program or plugins; the next 'run' runs one run again to see whether they count");
        }

        Facts.Fact(terminal.Out, "folder", sweep.Folder.FullPath);
    }

    private static string Word(SweepStatus status) => status switch
    {
        { State.IsComplete: true } => "complete",
        { Running: var running } when running.Any(run => !run.IsGone) => "running",
        { State.Wanted.Count: 0 } => "failed",
        _ => "not complete",
    };

    private static string Counts(SweepStatus status) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.RunsDone:N0} of {status.Runs:N0} done{(status.Running.Count > 0 ? $", {status.Running.Count:N0} running" : "")}{(status.State.Failed.Count > 0 ? $", {status.State.Failed.Count:N0} failed" : "")}");
}
