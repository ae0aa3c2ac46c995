using System.Text.Json.Nodes;
using Orchestrator.Reports;
using Orchestrator.Sweeps;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>What an atlas came to: ranks with their intervals, and the paragraph.</summary>
/// <param name="terminal">Where it is told.</param>
/// <param name="figures">Takes figures for a paper; null where none are wanted.</param>
/// <param name="promises">What the suite said of a rule that was put to it; empty without
/// one.</param>
internal sealed class AtlasView(Terminal terminal, FigureFolder? figures, IReadOnlyList<Testing.Promise> promises) : ISweepEndView
{
    public FigureFolder? Figures => figures;

    public void Write(SweepOutcome outcome)
    {
        SweepViews.Heading(terminal, outcome);
        foreach (var failed in outcome.State.Failed.Take(SweepViews.MostFailures))
        {
            SweepViews.Line(terminal, "failed", $"{failed}: {Failures.Reason(outcome.Folder, failed)}");
        }

        SweepViews.Line(terminal, "folder", outcome.Folder.FullPath);
        foreach (var (name, path) in new[] { ("report", outcome.Report) }.Concat((figures?.Files ?? []).Select(file => ("figure", (string?)file))).Where(line => line.Item2 is not null))
        {
            SweepViews.Line(terminal, name, path!);
        }

        terminal.Out.WriteLine();
        if (FieldOf(outcome) is not { } field)
        {
            terminal.Out.WriteLine("No seed has been run by all rules in all environments yet, so there are no ranks.");
            return;
        }

        Terminal.Line(field.Table.ToText(ComparisonOptions.Width(terminal)));
        Terminal.Line("For a paper:\n");
        Terminal.Line(field.Paragraph);
    }

    public JsonObject Json(SweepOutcome outcome)
    {
        var (document, field) = (SweepViews.Identity(outcome), FieldOf(outcome));
        document["figures"] = new JsonArray([.. (figures?.Files ?? []).Select(file => (JsonNode)file)]);
        document["runs"] = outcome.State.Known.Count;
        document["done"] = outcome.Completed;
        document["failed"] = new JsonArray([.. outcome.State.Failed.Select(failed => (JsonNode)failed.ToString())]);
        document["promises"] = new JsonArray([.. promises.Select(p => (JsonNode)new JsonObject { ["name"] = p.Name, ["isKept"] = p.Skipped is null ? true : null, ["skipped"] = p.Skipped })]);
        document["ranks"] = field is null ? null : JsonNode.Parse(field.Table.ToJson());
        document["paragraph"] = field?.Paragraph;
        return document;
    }

    private static SweepField? FieldOf(SweepOutcome outcome) => SweepField.Of(outcome.Plan, outcome.State, outcome.Results);
}
