using System.Text.Json.Nodes;
using Orchestrator.Reports;
using Orchestrator.Sweeps;
using Orchestrator.Testing;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>What an atlas came to: ranks with their intervals, and the paragraph.</summary>
/// <param name="terminal">Where it is told.</param>
/// <param name="figures">Takes figures for a paper; null where none are wanted.</param>
/// <param name="promises">What the suite said of a rule that was put to it; empty without
/// one.</param>
internal sealed class AtlasView(Terminal terminal, FigureFolder? figures, IReadOnlyList<Promise> promises) : ISweepEndView
{
    public FigureFolder? Figures => figures;

    public void Write(SweepOutcome outcome)
    {
        SweepViews.Heading(terminal, outcome);
        SweepViews.Failed(terminal, outcome);
        SweepViews.Line(terminal, "folder", outcome.Folder.FullPath);
        foreach (var (name, path) in new[] { ("report", outcome.Report) }.Concat((figures?.Files ?? []).Select(file => ("figure", (string?)file))).Where(line => line.Item2 is not null))
        {
            SweepViews.Line(terminal, name, path!);
        }

        terminal.Out.WriteLine();
        var (field, reason) = FieldOf(outcome);
        if (field is null)
        {
            Terminal.Line($"There are no ranks: {reason}.");
            return;
        }

        Terminal.Line(field.Table.ToText(ComparisonOptions.Width(terminal)));
        if (field.Twins.Count > 0)
        {
            Terminal.Line($"Every run of {field.Table.Variants[field.Table.Reference]} has the digest of the same run of {string.Join(" and of ", field.Twins)}: here they are one rule.\n");
        }

        Terminal.Line("For a paper:\n");
        Terminal.Line(field.Paragraph);
    }

    public JsonObject Json(SweepOutcome outcome)
    {
        var (document, (field, reason)) = (SweepViews.Identity(outcome), FieldOf(outcome));
        document["figures"] = new JsonArray([.. (figures?.Files ?? []).Select(file => (JsonNode)file)]);
        document["runs"] = outcome.State.Known.Count;
        document["done"] = outcome.Completed;
        document["failed"] = SweepViews.FailedJson(outcome.State.Failed, outcome.Folder);
        document["promises"] = Json(promises);
        document["ranks"] = field is null ? null : JsonNode.Parse(field.Table.ToJson());
        document["noRanks"] = reason;
        document["sameRuns"] = field is null ? null : new JsonArray([.. field.Twins.Select(twin => (JsonNode)twin)]);
        document["paragraph"] = field?.Paragraph;
        return document;
    }

    /// <summary>The document of a rule that breaks its contract, which was run nowhere.</summary>
    /// <param name="promises">What the suites said.</param>
    /// <param name="reason">Why there are no ranks.</param>
    public static JsonObject Broken(IReadOnlyList<Promise> promises, string reason) =>
        new() { ["failed"] = new JsonArray(), ["promises"] = Json(promises), ["ranks"] = null, ["noRanks"] = reason, ["sameRuns"] = null, ["paragraph"] = null };

    private static JsonArray Json(IEnumerable<Promise> promises) => new([.. promises.Select(promise => (JsonNode)new JsonObject
    {
        ["name"] = promise.Name,
        ["isKept"] = promise.Skipped is null ? promise.Broken is null : null,
        ["broken"] = promise.Broken,
        ["skipped"] = promise.Skipped,
    })]);

    private static SweepFieldResult FieldOf(SweepOutcome outcome) => SweepField.Of(outcome.Plan, outcome.State, outcome.Results);
}
