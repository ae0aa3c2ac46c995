using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Orchestrator.Sweeps;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary><c>validate FILE</c>.</summary>
internal sealed class ValidateVerb(Terminal terminal, PluginFolders folders) : IVerb
{
    public Command Build()
    {
        var file = ShippedPipelines.OrFile(ArgumentArity.ExactlyOne);
        var set = CommonOptions.Set();
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var sweeps = new SweepOptions();
        var json = CommonOptions.Json();
        var command = new Command("validate", "Checks a pipeline without running it: shows it with all defaults filled in, the shape of its data and the memory that it will take, or all its mistakes.\n"
            + "Of a sweep it resolves every cell, shows cells, keys and rounds, or the mistakes of all cells, each once.\n\n"
            + "Examples:\n  orchestrator validate my.json\n  orchestrator validate my.json --set workers.count=1000 --json\n  orchestrator validate my.json --axis optimizer.momentum=0,0.5,1.5")
        {
            file, set, data, plugins, json,
        };
        sweeps.AddQuestionTo(command);
        command.SetAction(parsed =>
        {
            var (catalog, dataFolders) = (folders.Read(parsed.GetValue(plugins)!), folders.Data(parsed.GetValue(data)));
            var asked = sweeps.Over(new PipelineRequest(dataFolders) { Sets = parsed.GetValue(set)! }, parsed);
            var template = PipelineTemplate.Read(ShippedPipelines.PathOf(parsed.GetValue(file)!), catalog, asked, out var mistakes);
            if (template?.Sweep is not null)
            {
                return Validate(template, asked, mistakes, parsed.GetValue(json));
            }

            var result = PipelineLoading.Load(template, mistakes, catalog, dataFolders);
            if (parsed.GetValue(json))
            {
                Terminal.Line(Json(result));
                return result.Pipeline is null ? ExitCodes.BadInput : ExitCodes.Ok;
            }

            var pipeline = result.OrThrow();
            terminal.Say(result.Hints);
            Terminal.Line(pipeline.Json);
            terminal.Error.WriteLine($"{pipeline.Name} {pipeline.Id} can run.{(result.Memory is { } memory ? " Memory: " + memory : "")}");
            Write(result.Data is { } known ? [known] : []);
            return ExitCodes.Ok;
        });
        return command;
    }

    public static string Json(PipelineResult result) => new JsonObject
    {
        ["valid"] = result.Pipeline is not null,
        ["id"] = result.Pipeline?.Id,
        ["mistakes"] = Json(result.Mistakes),
        ["hints"] = Json(result.Hints),
        ["memoryBytes"] = result.Memory?.Total,
        ["data"] = result is { Pipeline: not null, Data: { } data } ? DataView.Json(data) : null,
        ["pipeline"] = result.Pipeline is { } pipeline ? JsonNode.Parse(pipeline.Json) : null,
    }.ToJsonString();

    private int Validate(PipelineTemplate template, PipelineRequest asked, IReadOnlyList<Mistake> mistakes, bool isJson)
    {
        var planned = new SweepPlanner(template, asked).Plan(mistakes);
        if (isJson)
        {
            Terminal.Line(Json(planned, template));
            return planned.Plan is null ? ExitCodes.BadInput : ExitCodes.Ok;
        }

        var plan = planned.OrThrow();
        terminal.Say(plan.Hints);
        Terminal.Line(SweepDocument.Of(plan, template.Frozen).ToJson().TrimEnd());
        var memory = plan.Cells.Max(cell => cell.Memory.Total);
        terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{plan.Name} sweep {SweepDocument.IdOf(plan)} can run: {plan.Cells.Count} cell{(plan.Cells.Count == 1 ? "" : "s")}; a run takes at most about {SweepViews.Size(memory)} of memory."));
        Write(Data(plan));
        return ExitCodes.Ok;
    }

    // Cells may have data of their own.
    private static IEnumerable<DatasetShape> Data(SweepPlan plan) => plan.Cells.Select(cell => cell.Shape).DistinctBy(DataView.Text);

    private void Write(IEnumerable<DatasetShape> data)
    {
        foreach (var shape in data)
        {
            terminal.Error.WriteLine($"Data: {DataView.Text(shape)}.");
        }
    }

    private static string Json(SweepPlanResult planned, PipelineTemplate template) => new JsonObject
    {
        ["valid"] = planned.Plan is not null,
        ["id"] = planned.Plan is { } plan ? SweepDocument.IdOf(plan) : null,
        ["mistakes"] = Json(planned.Mistakes),
        ["hints"] = Json(planned.Plan?.Hints ?? []),
        ["memoryBytes"] = planned.Plan?.Cells.Max(cell => cell.Memory.Total),
        ["data"] = planned.Plan is { } known ? new JsonArray([.. Data(known).Select(shape => (JsonNode)DataView.Json(shape))]) : null,
        ["sweep"] = planned.Plan is { } sweep ? JsonNode.Parse(SweepDocument.Of(sweep, template.Frozen).ToJson()) : null,
    }.ToJsonString();

    private static JsonArray Json(IReadOnlyList<Hint> hints) =>
        new([.. hints.Select(h => (JsonNode)new JsonObject { ["grade"] = h.Grade.ToString().ToLowerInvariant(), ["path"] = h.Path, ["message"] = h.Message })]);

    private static JsonArray Json(IReadOnlyList<Mistake> mistakes) =>
        new([.. mistakes.Select(m => (JsonNode)new JsonObject { ["where"] = m.Where, ["path"] = m.Path, ["message"] = m.Message })]);
}
