using System.Globalization;
using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>The text of a sweep's page; charts are drawn into what is left empty.</summary>
internal static class SweepPage
{
    public const string Script = "sweep.js";
    private const string Stretches = "means over stretches of equally many pushes, and over the seeds that converged; the band reaches from the smallest to the largest of these";

    public const string MadeFrom = "the sweep's folder, its runs and its ledger";

    /// <summary>In the browser's tab.</summary>
    public static string Title(SweepView view) => $"{view.Plan.Name} sweep {SweepDocument.IdOf(view.Plan)}";

    /// <param name="view">What it shows.</param>
    /// <param name="live">What stands above and below a page that goes on changing; null for a
    /// report.</param>
    /// <param name="runs">Of a page that goes on changing, its runs, with links.</param>
    public static Html Body(SweepView view, LiveFrame? live = null, Html? runs = null)
    {
        var (plan, _, _, table, verdicts, curves) = view;
        var (page, heading) = (new Html(), char.ToUpperInvariant(table.Metric.Heading[0]) + table.Metric.Heading[1..]);
        page.Add($"""{live?.Above ?? new Html()}<header id="heading">{Heading(view)}</header><main><section id="summary">{Summary(view)}</section>{(runs is null ? new Html() : new Html().Add($"<section id=\"runs\">{runs}</section>"))}""");
        page.Add($"{Findings.Section(view.Findings, SweepDocument.IdOf(plan), isOfRun: false)}");
        if (live is not null || view.Field is not null)
        {
            page.Add($"""<section id="ranks">{Ranks(view)}</section>""");
        }

        page.Add($"""<section id="cells"><h2>Cells</h2>{Charts.Figure("means", heading, "Mean over the seeds of a cell that converged, with its 95 % t interval.", isWide: true, hasControls: true)}""");
        page.Add($"""{Charts.Figure("field", "Two axes", "One value of each cell.", hasControls: true)}{Charts.Figure("nc", "No convergence", "Share of a cell's runs that did not converge, with its 95 % interval.")}""");
        page.Add($"""<div class="part" id="cellGrid">{Grid("table", table.ToGrid())}</div></section>""");
        page.Add($"""<section id="curvesSection"><h2>Curves</h2>{Charts.Figure("curves", $"{heading}, by epoch", "Mean over the seeds of a cell that converged; the band reaches from the smallest to the largest of them.", isWide: true, hasControls: true)}""");
        page.Add($"""{Charts.Figure("gap", "Gap, by epoch", $"How far the parameters have moved between a pull and its push, root mean square per parameter: {Stretches}.", isWide: true, hasControls: true)}""");
        page.Add($"""{Charts.Figure("staleness", "Staleness, by epoch", $"Updates between a pull and its push: {Stretches}.", isWide: true, hasControls: true)}""");
        if (view.Gap is null)
        {
            page.Add($"""<p>There are too many pushes for gap and staleness to be drawn here; <code>orchestrator report RUN</code> draws those of one run.</p>""");
        }

        if (curves.Gone > 0)
        {
            page.Add($"""<p>The folders of {Say.Whole(curves.Gone)} completed {(curves.Gone == 1 ? "run" : "runs")} are gone: they are in the table, and in no curve.</p>""");
        }

        page.Add($"</section>");
        if (verdicts is not null)
        {
            page.Add($"""<section id="comparisons"><h2>Comparisons</h2>{Charts.Figure("differences", "Differences, paired by seed", "A - B with its 95 % interval. Within the shaded stretch a difference does not matter.", isWide: true)}<div class="part" id="verdictGrid">{Grid("verdicts", verdicts.ToGrid())}</div></section>""");
        }

        if (table.Rows.Any(row => row.Published is not null))
        {
            page.Add($"""<section id="publishedSection"><h2>Published and measured</h2>{Charts.Figure("published", "Measured against published", "A point on the line agrees exactly; bars are 95 % intervals of the measured mean.", isWide: true)}</section>""");
        }

        return page.Add($"{Repeat(plan)}</main>{live?.Below ?? Charts.Footer(MadeFrom)}");
    }

    /// <summary>The parts that change while a sweep goes on, by the id of their element.</summary>
    public static IEnumerable<(string Id, Html Content)> Parts(SweepView view, Html runs) =>
    [
        ("heading", Heading(view)), ("summary", Summary(view)), ("runs", runs), ("ranks", Ranks(view)), ("cellGrid", Grid("table", view.Table.ToGrid())),
        .. view.Verdicts is { } verdicts ? new[] { ("verdictGrid", Grid("verdicts", verdicts.ToGrid())) } : [],
    ];

    private static Html Ranks(SweepView view) => view.Field is { } field
        ? new Html().Add($"""<h2>Ranks</h2><figure class="wide"><div class="scroll" tabindex="0" role="group" aria-label="Ranks over environments">{FieldFigure.Draw(field.Table)}</div><figcaption>{FieldFigure.Caption(field.Table)}</figcaption></figure>{Grid("rankGrid", field.Table.ToGrid())}<p>{field.Paragraph}</p>""")
        : new Html();

    private static Html Summary(SweepView view) => new Html().Add($"<h2>Summary</h2>{Charts.Tiles(Tiles(view.State, view.Results, view.Table))}{Decisions(view.State)}");

    private static Html Heading(SweepView view)
    {
        var (plan, state, _, table, _, _) = view;
        var (kind, status) = state.IsComplete ? ("good", "complete") : state.Failed.Count > 0 ? ("bad", "not complete: runs failed") : ("open", "not complete");
        var head = new Html().Add($"""<h1>{plan.Name}</h1><p class="id">sweep {SweepDocument.IdOf(plan)} <span class="status {kind}">{status}</span></p>""");
        var axes = plan.ShownAxes.Count == 0 ? "" : $" over {string.Join(" and ", plan.ShownAxes.Select(axis => axis.Name))}";
        var averaged = table.AveragedOver.Count == 0 ? "" : $", each with its mean over {string.Join(" and ", table.AveragedOver)}";
        var noun = (table.AveragedOver.Count == 0, table.Rows.Count) switch { (true, 1) => "cell", (true, _) => "cells", (_, 1) => "setting", _ => "settings" };
        return head.Add($"<p>{Say.Whole(table.Rows.Count)} {noun}{axes}{averaged}, compared by {table.Metric.Label}.</p>");
    }

    private static IEnumerable<(string Id, string Name, string Value, string More)> Tiles(AgendaState state, ISweepResults results, CellTable table)
    {
        var done = state.Known.Select(wanted => wanted.Run.Key).Distinct().Count(key => results.Completed(key) is not null);
        var failed = state.Failed.Count > 0 ? $"{Say.Whole(state.Failed.Count)} failed" : "none failed";
        yield return ("done", "Runs done", Say.Whole(done), $"of {Say.Whole(state.Known.Select(wanted => wanted.Run.Key).Distinct().Count())} known by now, {failed}");
        var seeds = state.Levels.Select(level => level.Seed).Distinct().ToList();
        yield return ("seeds", "Seeds", Say.Whole(seeds.Count), seeds.Count == 0 ? "" : $"{seeds.Min()} to {seeds.Max()}");
        var (count, of) = (table.Rows.Sum(row => row.Summary.NoConvergence.Count), table.Rows.Sum(row => row.Summary.NoConvergence.Of));
        yield return ("noConvergence", "No convergence", Say.Whole(count), $"of {Say.Whole(of)} {(table.AveragedOver.Count == 0 ? "runs" : "means")}; counted, averaged nowhere");
        var best = table.Metric.HigherIsBetter ? table.Rows.MaxBy(row => row.Summary.Mean ?? double.NegativeInfinity) : table.Rows.MinBy(row => row.Summary.Mean ?? double.PositiveInfinity);
        if (best?.Summary is { Mean: { } mean } summary)
        {
            var digits = table.Metric.Decimals is { } decimals ? "F" + decimals.ToString(CultureInfo.InvariantCulture) : "G4";
            yield return ("best", "Best mean", Say.Number(mean, digits) + (table.Metric.Unit.Length > 0 ? " " + table.Metric.Unit : ""),
                string.Join("; ", new[]
                {
                    string.Join(", ", best.Values),
                    summary.Interval is { } interval ? $"95 %: {Say.Number(interval.Low, digits)} to {Say.Number(interval.High, digits)}" : "",
                    summary.NoConvergence.Count > 0 ? $"NC {summary.NoConvergence.Count}/{summary.NoConvergence.Of}" : "",
                }.Where(part => part.Length > 0)));
        }
    }

    private static Html Decisions(AgendaState state)
    {
        var list = new Html();
        if (state.Decisions.Count > 0)
        {
            list.Add($"""<ul class="notes">""");
            foreach (var decision in state.Decisions)
            {
                list.Add($"<li><strong>Decided:</strong> {decision}</li>");
            }

            list.Add($"</ul>");
        }

        return list;
    }

    private static Html Grid(string id, Grid grid)
    {
        var table = new Html().Add($"""<div class="scroll" tabindex="0" role="group" aria-label="{id}"><table id="{id}"><thead><tr>""");
        foreach (var column in grid.Columns)
        {
            table.Add($"""<th scope="col" class="{(column.IsNumber ? "number" : "")}">{column.Heading}</th>""");
        }

        table.Add($"</tr></thead><tbody>");
        foreach (var row in grid.Rows)
        {
            table.Add($"<tr>");
            foreach (var (column, text) in grid.Columns.Zip(row))
            {
                table.Add($"""<td class="{(column.IsNumber ? "number" : "")}">{text}</td>""");
            }

            table.Add($"</tr>");
        }

        return table.Add($"""</tbody></table></div><p class="hint">{grid.Caption}</p>""");
    }

    private static Html Repeat(SweepPlan plan)
    {
        var id = SweepDocument.IdOf(plan);
        var page = new Html().Add($"""<section id="provenance"><h2>How to repeat it</h2><p>Where a sample of its runs is made again and compared by digest:</p>""");
        page.Add($"""<pre tabindex="0"><code>orchestrator sweep verify {id} --sample 5%</code></pre><p>Which runs there are, and where they come from: <code>orchestrator sweep status {id}</code>. Its question stands in sweep.json beside this page.</p>""");
        return page.Add($"</section>");
    }
}
