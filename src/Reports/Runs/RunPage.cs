using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// The text of a run's page: all numbers that a table needs stand here, charts are drawn into what
/// is left empty.
/// </summary>
internal static class RunPage
{
    private const int MostNotes = 50;
    private const int MostEvents = 200;
    private const string HintMark = "hint: ";

    /// <summary>In the browser's tab.</summary>
    public static string Title(RunSummary summary) => FormattableString.Invariant($"{summary.Name} {summary.Id}-{summary.Attempt}");

    /// <param name="run">As read.</param>
    /// <param name="summary">Its summary.</param>
    /// <param name="data">What charts draw.</param>
    /// <param name="findings">What analyzers found.</param>
    /// <param name="live">What stands above and below a page that goes on changing; null for a
    /// report.</param>
    public static Html Body(RunEntry run, RunSummary summary, RunData data, IReadOnlyList<AnalyzedFinding> findings, LiveFrame? live = null)
    {
        var settings = RunSettings.Read(run);
        var page = new Html();
        page.Add($"""{live?.Above ?? new Html()}<header id="heading">{Heading(summary, settings)}</header><main>""");
        page.Add($"""<section id="summary">{Summary(summary)}</section>{Findings.Section(findings, FormattableString.Invariant($"{summary.Id}-{summary.Attempt}"), isOfRun: true)}""");
        page.Add($"""<section id="learning"><h2>Learning</h2><div class="controls" data-axis></div>""");
        var hasMoreSets = data.HasMoreSets || settings.Keys.Any(path => path.StartsWith("evaluation.sets.", StringComparison.Ordinal));
        page.Add($"{Charts.Figure("loss", "Loss", $"Training loss of the pushes and loss over the {(hasMoreSets ? "samples of each set at each evaluation" : "test samples")}.")}");
        if (data.HasAccuracy || (live is not null && run.Document?.Run.Classes > 1))
        {
            var (title, whose) = hasMoreSets ? ("Accuracy", "samples of each set") : ("Test accuracy", "test samples");
            page.Add($"{Charts.Figure("accuracy", title, $"Per cent of the {whose}, at each evaluation.")}");
        }

        if (!data.Classes.IsEmpty || (live is not null && settings.GetValueOrDefault("evaluation.perClass") == "true"))
        {
            page.Add($"""</section><section id="classes"><h2>Classes</h2><div class="controls" id="classesControls"></div>""");
            page.Add($"""{Charts.Figure("classScores", "How well each class is recognised", "Recall: of a class's samples the share taken for it. Precision: of the samples taken for it the share that is. F1: their harmonic mean.")}""");
            page.Add($"""{Charts.Figure("confusion", "What was taken for what", "Samples of a class (row) that were taken for another (column); coloured by their share of the row.")}""");
        }

        page.Add($"""</section><section id="staleness"><h2>Staleness and gap</h2><p>Staleness: updates that others made between a worker's pull and its arrival. Gap: how far the parameters had moved meanwhile, root mean square per parameter.</p>""");
        page.Add($"""{Charts.Figure("stalenessCounts", "How stale gradients were", "Pushes that arrived, by staleness.", hasControls: true)}""");
        page.Add($"""{Charts.Figure("stalenessOver", "Staleness over the run", "Mean; the band reaches from the smallest to the largest.")}{Charts.Figure("stalenessByWorker", "Staleness by worker over the run", "Mean of each worker's pushes in a stretch of the run.")}""");
        page.Add($"""{Charts.Figure("gap", "Gap over the run", "Mean; the band reaches from the smallest to the largest.")}{Charts.Figure("gapByStaleness", "Gap by staleness", "Mean gap of the pushes of each staleness.")}""");
        page.Add($"""{Charts.Figure("norms", "Norms", "L2 norms of gradients and of updates; means, and bands from the smallest to the largest. Parameters at each evaluation.")}</section>""");
        page.Add($"""<section id="workers"><h2>Workers</h2>{Charts.Figure("timeline", "Timeline", "One lane a worker: a bar from each pull to its arrival, coloured by staleness; a line where the worker waited.", isWide: true, hasControls: true)}""");
        page.Add($"""<p id="nobodyWaited" hidden>Nobody waited: every worker pulled again as soon as it had pushed.</p>""");
        page.Add($"""{Charts.Figure("waits", "Who waited for whom", "Seconds that a worker (row) waited until an arrival of another (column) let it go on.")}{Charts.Figure("shares", "Effective share", "Share of the applied samples that each worker brought, beside its share of the partitions' samples.")}""");
        page.Add($"""<div class="scroll" id="workerTable" tabindex="0" role="group" aria-label="Numbers of each worker"></div></section>""");
        page.Add($"""<section id="partitions"><h2>Partitions</h2>{Charts.Figure("partitionChart", "Classes by partition", "Training samples of each class in each partition.")}{(data.Groups is null ? new Html() : Charts.Figure("groupChart", "Groups by partition", "Training samples of each natural group in each partition; where a cell is empty, the partition holds none of the group."))}</section>""");
        page.Add($"""<section id="events">{Events(run)}</section>{Provenance(run, summary, settings)}</main>{live?.Below ?? Charts.Footer("the run's folder")}""");
        return page;
    }

    /// <summary>The parts that change while a run goes on, by the id of their element.</summary>
    public static IEnumerable<(string Id, Html Content)> Parts(RunEntry run, RunSummary summary)
    {
        var settings = RunSettings.Read(run);
        return
        [
            ("heading", Heading(summary, settings)), ("summary", Summary(summary)), ("events", Events(run)),
            ("facts", Charts.Facts("environment", Environment(run, summary, settings))),
        ];
    }

    private static Html Summary(RunSummary summary) => new Html().Add($"<h2>Summary</h2>{Charts.Tiles(TilesOf(summary))}{Notes(summary)}");

    private static Html Heading(RunSummary s, IReadOnlyDictionary<string, string> settings)
    {
        var status = s.Status.ToString().ToLowerInvariant();
        var kind = s.NoConvergence || s.Status is RunStatus.Failed or RunStatus.Diverged ? "bad" : s.Status == RunStatus.Completed ? "good" : "open";
        var head = new Html().Add($"""<h1>{s.Name}</h1><p class="id">{FormattableString.Invariant($"{s.Id}-{s.Attempt}")} <span class="status {kind}">{status}{(s.NoConvergence ? ", no convergence" : "")}</span></p>""");
        string Of(string path) => settings.GetValueOrDefault(path) ?? "?";
        if (settings.Count > 0)
        {
            head.Add($"""<p>{Of("model.type")} on {Of("dataset.type")}, {s.Workers} {(s.Workers == 1 ? "worker" : "workers")}, {Of("consistency.type")}, {Of("optimizer.type")}, {Of("clock")} clock, seed {Of("seed")}.</p>""");
        }

        return s.Message is { } message ? head.Add($"""<p class="message">{message}</p>""") : head;
    }

    private static IEnumerable<(string Id, string Name, string Value, string More)> TilesOf(RunSummary s)
    {
        if (s.TestLoss is not null)
        {
            yield return s.TestAccuracy is { } accuracy
                ? ("testAccuracy", "Test accuracy", $"{Say.Number(accuracy, "F2")} %", $"loss {Say.Number(s.TestLoss, "G4")}")
                : ("testLoss", "Test loss", Say.Number(s.TestLoss, "G4"), "");
        }

        foreach (var (id, name, accuracy, loss) in ((string, string, double?, double?)[])
            [("validation", "Validation", s.ValidationAccuracy, s.ValidationLoss), ("train", "Training", s.TrainAccuracy, s.TrainLoss)])
        {
            if (loss is not null)
            {
                yield return accuracy is { } percent
                    ? ($"{id}Accuracy", $"{name} accuracy", $"{Say.Number(percent, "F2")} %", $"loss {Say.Number(loss, "G4")}")
                    : ($"{id}Loss", $"{name} loss", Say.Number(loss, "G4"), "");
            }
        }

        yield return ("updates", "Updates", Say.Whole(s.Updates), $"{Say.Whole(s.Samples)} samples");
        var (p, t) = (s.Pushes, s.Staleness);
        if (p.Buffered + p.Dropped + p.Cancelled > 0)
        {
            yield return ("pushes", "Pushes applied", Say.Whole(p.Applied), $"{Say.Whole(p.Buffered)} buffered, {Say.Whole(p.Dropped)} dropped, {Say.Whole(p.Cancelled)} cancelled");
        }

        yield return ("stalenessMean", "Staleness, mean", Say.Number(t.Mean, "F2"), $"median {Say.Number(t.P50, "G6")}, 99 % {Say.Number(t.P99, "G6")}, max {Say.Number(t.Max, "G6")}");
        yield return ("gapMean", "Gap, mean", Say.Number(s.Gap.Mean, "G3"), $"max {Say.Number(s.Gap.Max, "G3")}");
        if (s.VirtualSeconds is { } seconds)
        {
            yield return ("virtualTime", "Virtual time", Say.Duration(seconds), $"{Say.Number(seconds > 0 ? s.Updates / seconds : null, "N0")} updates/s");
        }

        yield return ("wallTime", "Real time", Say.Duration(s.WallSeconds), $"{Say.Number(s.UpdatesPerSecond, "N0")} updates/s");
    }

    private static Html Notes(RunSummary s)
    {
        var notes = new Html();
        if (s.Notes.Count > 0)
        {
            notes.Add($"""<ul class="notes">""");
            foreach (var note in s.Notes.Take(MostNotes))
            {
                var isHint = note.StartsWith(HintMark, StringComparison.Ordinal);
                notes.Add($"<li><strong>{(isHint ? "Hint" : "Note")}:</strong> {(isHint ? note[HintMark.Length..] : note)}</li>");
            }

            notes.Add($"</ul>");
        }

        return notes;
    }

    private static Html Events(RunEntry run)
    {
        var table = new Html();
        using var events = RunRows.Events(run.Folder);
        var count = 0L;
        while (events.TryRead(out var happened))
        {
            if (count++ == 0)
            {
                table.Add($"""<h2>Events</h2><div class="scroll" tabindex="0" role="group" aria-label="Events"><table><thead><tr><th>time</th><th>kind</th><th>what happened</th></tr></thead><tbody>""");
            }

            if (count <= MostEvents)
            {
                table.Add($"<tr><td>{Say.Duration(happened.At / 1e9)}</td><td>{happened.Kind}</td><td>{happened.Message}</td></tr>");
            }
        }

        if (count > 0)
        {
            table.Add($"</tbody></table></div>");
            if (count > MostEvents)
            {
                table.Add($"<p>The first {Say.Whole(MostEvents)} of {Say.Whole(count)}; events.csv has all.</p>");
            }
        }

        return table;
    }

    private static Html Provenance(RunEntry run, RunSummary s, IReadOnlyDictionary<string, string> settings)
    {
        var page = new Html().Add($"""<section id="provenance"><h2>How to repeat it</h2>""");
        var name = $"{RunFolder.DirectoryName(s.Name)}/{FormattableString.Invariant($"{s.Id}-{s.Attempt}")}";
        page.Add($"""<p>In the folder of runs, with the program's version below:</p><pre tabindex="0"><code>orchestrator run {name}/pipeline.json</code></pre><p>To compare every recorded value with a second execution:</p><pre tabindex="0"><code>orchestrator verify {name} --output .</code></pre>""");
        page.Add($"<h3>Environment</h3>");
        page.Add($"""<div class="part" id="facts">{Charts.Facts("environment", Environment(run, s, settings))}</div>""");
        return page.Add($"<details><summary>Pipeline, with all its defaults</summary>{Charts.Facts("pipeline", settings.Select(pair => (pair.Key, pair.Value)))}</details></section>");
    }

    private static IEnumerable<(string Name, string Value)> Environment(RunEntry run, RunSummary s, IReadOnlyDictionary<string, string> settings)
    {
        yield return ("digest", s.Digest ?? (s.Status == RunStatus.Running ? "none yet: the run goes on" : "none: the run did not end in order"));
        yield return ("seed", settings.GetValueOrDefault("seed") ?? "?");
        if (s.Schedule is { } schedule)
        {
            yield return ("schedule of", schedule);
        }

        if (run.Document is { } document)
        {
            var (of, environment) = (document.Run, document.Environment);
            yield return ("program", $"Orchestrator {of.ProgramVersion}, kernel path {of.KernelPath}");
            yield return ("data fingerprint", of.DatasetFingerprint);
            yield return ("started", document.Started.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
            yield return ("processor", $"{environment.Processor}, {environment.Cores} {(environment.Cores == 1 ? "core" : "cores")}{(environment.Vectors is { } vectors ? ", " + vectors : "")}");
            yield return ("system", $"{environment.OperatingSystem}, {environment.Architecture}, {environment.Runtime}");
            foreach (var (name, value) in of.Options)
            {
                yield return (name, value);
            }

            foreach (var plugin in of.Plugins ?? [])
            {
                yield return (plugin.Title, $"{plugin.Assembly} {plugin.Version}");
            }
        }
    }
}
