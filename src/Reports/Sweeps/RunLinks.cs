using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// The runs of a sweep on its live page, each with a link to a page of its own: those under way
/// first, then the others as the sweep takes them.
/// </summary>
internal static class RunLinks
{
    // More rows than anybody reads; all of them stand on the page of all runs.
    private const int Most = 300;

    /// <param name="output">The folder of all runs.</param>
    /// <param name="status">Where the sweep is.</param>
    /// <param name="results">What has been completed.</param>
    public static Html Table(string output, SweepStatus status, ISweepResults results)
    {
        var running = status.Running.ToDictionary(one => one.Run.Key, StringComparer.Ordinal);
        var failed = status.State.Failed.Select(run => run.Key).ToHashSet(StringComparer.Ordinal);
        List<PlannedRun> runs = [.. status.State.Known.Select(wanted => wanted.Run).DistinctBy(run => run.Key).OrderByDescending(run => running.ContainsKey(run.Key))];
        var table = new Html().Add($"""<h2>Runs</h2><div class="scroll part" tabindex="0" role="group" aria-label="Runs"><table id="sweepRuns"><thead><tr><th scope="col">run</th><th scope="col">state</th>""");
        table.Add($"""<th scope="col" class="number">test accuracy, %</th><th scope="col" class="number">test loss</th><th scope="col" class="number">updates</th>{(running.Count > 0 ? new Html().Add($"<th scope=\"col\">where</th>") : new Html())}</tr></thead><tbody>""");
        foreach (var run in runs.Take(Most))
        {
            var (now, done) = (running.GetValueOrDefault(run.Key), results.Completed(run.Key));
            var (kind, state) = now is not null ? ("open", now.IsGone ? "taken over next" : "running")
                : done is not null ? (done.NoConvergence ? "bad" : "good", done.NoConvergence ? "no convergence" : done.Status)
                : failed.Contains(run.Key) ? ("bad", "failed") : ("plain", "to come");
            table.Add($"""<tr><th scope="row">{Link(output, now is null ? done?.Folder : now.Folder, run.ToString())}</th><td><span class="status {kind}">{state}</span></td>""");
            table.Add($"""<td class="number">{Say.Number(done?.TestAccuracy, "F2")}</td><td class="number">{Say.Number(done?.TestLoss, "G4")}</td><td class="number">{(done is null ? "–" : Say.Whole(done.Updates))}</td>""");
            table.Add($"{(running.Count == 0 ? new Html() : new Html().Add($"<td>{(now is null ? "" : $"process {now.Process} on {now.Machine}")}</td>"))}</tr>");
        }

        table.Add($"</tbody></table></div>");
        return runs.Count > Most ? table.Add($"<p>The first {Say.Whole(Most)} of {Say.Whole(runs.Count)}.</p>") : table;
    }

    // A run whose folder is gone, or not yet there, has no page.
    private static Html Link(string output, string? folder, string name) =>
        folder?.Split('/') is [{ Length: > 0 } pipeline, { Length: > 0 } id] && Directory.Exists(Path.Combine(output, pipeline, id))
            ? new Html().Add($"""<a href="/runs/{Uri.EscapeDataString(pipeline)}/{Uri.EscapeDataString(id)}">{name}</a>""")
            : new Html().Add($"{name}");
}
