using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Sweeps;
using static Orchestrator.Host.Figures;

namespace Orchestrator.Host;

/// <summary>Why a cell is as it is, for people and as JSON.</summary>
internal static class CellView
{
    public static void Write(Terminal terminal, KnownSweep sweep, Cell cell, IReadOnlyList<RunHistory> runs)
    {
        var done = runs.Count(run => run.Standing == RunStanding.Done);
        Facts.Title(terminal.Out, cell.ToString(), $"cell {cell.Index + 1} of sweep {SweepDocument.IdOf(sweep.Plan)}", done == runs.Count ? "green" : "yellow", string.Create(CultureInfo.InvariantCulture, $"{done} of {runs.Count} runs done"));
        Facts.Fact(terminal.Out, "key", cell.Key);
        foreach (var run in runs)
        {
            Facts.Fact(terminal.Out, Word(run.Standing), $"{run.Run.Levels}: {run.Reason}");
            if (run.Completed is { } completed)
            {
                Facts.Fact(terminal.Out, "", Result(completed));
            }

            foreach (var past in run.Past)
            {
                Facts.Fact(terminal.Out, "", past);
            }
        }
    }

    public static string Json(KnownSweep sweep, Cell cell, IReadOnlyList<RunHistory> runs) => new JsonObject
    {
        ["sweep"] = SweepDocument.IdOf(sweep.Plan),
        ["cell"] = cell.ToString(),
        ["number"] = cell.Index + 1,
        ["key"] = cell.Key,
        ["runs"] = new JsonArray([.. runs.Select(run => (JsonNode)new JsonObject
        {
            ["seed"] = run.Run.Levels.Seed,
            ["streams"] = run.Run.Levels.StreamText,
            ["key"] = run.Run.Key,
            ["standing"] = Word(run.Standing),
            ["reason"] = run.Reason,
            ["digest"] = run.Completed?.Digest,
            ["folder"] = run.Completed?.Folder,
            ["past"] = new JsonArray([.. run.Past.Select(past => (JsonNode)past)]),
        })]),
    }.ToJsonString();

    private static string Word(RunStanding standing) => standing == RunStanding.NotWanted ? "not wanted" : standing.ToString().ToLowerInvariant();

    private static string Result(CompletedRun run) =>
        $"{run.Status}{(run.NoConvergence ? ", no convergence" : "")}{(run.TestAccuracy is { } accuracy ? $", test accuracy {Number(accuracy, "F2")} %" : "")}, test loss {Number(run.TestLoss, "G5")}, digest {run.Digest ?? "-"}";
}
