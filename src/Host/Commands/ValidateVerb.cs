using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Composition;
using Orchestrator.Runs;
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
        var json = CommonOptions.Json();
        var command = new Command("validate", "Checks a pipeline without running it: shows it with all defaults filled in and the memory that it will take, or all its mistakes.\n\n"
            + "Examples:\n  orchestrator validate my.json\n  orchestrator validate my.json --set workers.count=1000 --json")
        {
            file, set, data, plugins, json,
        };
        command.SetAction(parsed =>
        {
            var result = PipelineLoading.Load(
                ShippedPipelines.PathOf(parsed.GetValue(file)!), parsed.GetValue(set)!, folders.Read(parsed.GetValue(plugins)!), folders.Data(parsed.GetValue(data)), Environment.ProcessorCount);
            if (parsed.GetValue(json))
            {
                Terminal.Line(Json(result));
                return result.Pipeline is null ? ExitCodes.BadInput : ExitCodes.Ok;
            }

            var pipeline = result.OrThrow();
            terminal.Say(result.Hints);
            Terminal.Line(pipeline.Json);
            terminal.Error.WriteLine($"{pipeline.Name} {pipeline.Id} can run.{(result.Memory is { } memory ? " Memory: " + memory : "")}");
            return ExitCodes.Ok;
        });
        return command;
    }

    public static string Json(PipelineResult result) => new JsonObject
    {
        ["valid"] = result.Pipeline is not null,
        ["id"] = result.Pipeline?.Id,
        ["mistakes"] = new JsonArray([.. result.Mistakes.Select(m => (JsonNode)new JsonObject { ["where"] = m.Where, ["path"] = m.Path, ["message"] = m.Message })]),
        ["hints"] = new JsonArray([.. result.Hints.Select(h => (JsonNode)new JsonObject { ["grade"] = h.Grade.ToString().ToLowerInvariant(), ["path"] = h.Path, ["message"] = h.Message })]),
        ["memoryBytes"] = result.Memory?.Total,
        ["pipeline"] = result.Pipeline is { } pipeline ? JsonNode.Parse(pipeline.Json) : null,
    }.ToJsonString();
}
