using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Spectre.Console;
namespace Orchestrator.Host;

/// <summary>
/// <c>plugins list</c> and <c>plugins show</c>: what pipelines can name, read from metadata alone.
/// </summary>
internal sealed class PluginsVerb(Terminal terminal, PluginFolders folders) : IVerb
{
    public Command Build() => new("plugins", "Lists plugins and shows their options; runs none of their code.\n\nExamples:\n"
        + "  orchestrator plugins list\n  orchestrator plugins show gap-aware\n  orchestrator plugins list --plugins ./mine --json")
    {
        BuildList(),
        BuildShow(),
    };

    private Command BuildList()
    {
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var command = new Command("list", "Lists all plugins by kind, and what could not be used.") { plugins, json };
        command.SetAction(parsed =>
        {
            var catalog = PluginCatalog.Read(folders.Plugins(parsed.GetValue(plugins)!));
            if (parsed.GetValue(json))
            {
                Terminal.Line(new JsonObject
                {
                    ["plugins"] = new JsonArray([.. catalog.Plugins.Select(p => (JsonNode)Describe(p))]),
                    ["problems"] = new JsonArray([.. catalog.Problems.Select(p => (JsonNode)new JsonObject { ["file"] = p.File, ["cause"] = p.Cause })]),
                }.ToJsonString());
                return ExitCodes.Ok;
            }

            terminal.Warn(catalog);
            var table = new Table().Border(TableBorder.Simple).AddColumns("kind", "name", "what it is");
            foreach (var plugin in catalog.Plugins)
            {
                table.AddRow(plugin.Kind.Name.EscapeMarkup(), plugin.Name.EscapeMarkup(), plugin.Description.EscapeMarkup());
            }

            terminal.Out.Write(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildShow()
    {
        var name = new Argument<string>("name") { Description = "The plugin's name, as in a pipeline's type." }.ThatNames("plugin");
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var command = new Command("show", "Shows a plugin: type, range, default and description of every option.") { name, plugins, json };
        command.SetAction(parsed =>
        {
            var catalog = PluginCatalog.Read(folders.Plugins(parsed.GetValue(plugins)!));
            var wanted = parsed.GetValue(name)!;
            var found = catalog.Plugins.Where(p => p.Name == wanted).ToList();
            if (found.Count == 0)
            {
                var nearest = NearestMatch.Find(wanted, catalog.Plugins.Select(p => p.Name).Distinct());
                throw new UserException($"there is no plugin '{wanted}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")} 'plugins list' shows all.");
            }

            if (parsed.GetValue(json))
            {
                Terminal.Line(new JsonArray([.. found.Select(p => (JsonNode)Describe(p))]).ToJsonString());
                return ExitCodes.Ok;
            }

            foreach (var plugin in found)
            {
                Show(plugin);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private void Show(PluginDescription plugin)
    {
        terminal.Out.MarkupLineInterpolated($"[bold]{plugin.Name}[/]  {plugin.Kind.Name}, {plugin.File}");
        if (plugin.Description.Length > 0)
        {
            terminal.Out.MarkupLineInterpolated($"{plugin.Description}");
        }

        if (plugin.Options.Options.Count == 0)
        {
            terminal.Out.MarkupLine("No options.");
            return;
        }

        Options(plugin.Options, "");
    }

    private void Options(RecordType record, string title)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("option", "type", "range", "default", "meaning");
        if (title.Length > 0)
        {
            table.Title(title.EscapeMarkup());
        }

        foreach (var option in record.Options)
        {
            table.AddRow(
                option.Name.EscapeMarkup(), option.Type.Text.EscapeMarkup(), (option.Range?.Text ?? "").EscapeMarkup(),
                (option.IsRequired ? "required" : option.DefaultJson ?? "none").EscapeMarkup(), option.Description.EscapeMarkup());
        }

        terminal.Out.Write(table);
    }

    private static JsonObject Describe(PluginDescription plugin) => new()
    {
        ["kind"] = plugin.Kind.Name,
        ["name"] = plugin.Name,
        ["description"] = plugin.Description,
        ["file"] = plugin.File,
        ["version"] = plugin.Version.ToString(),
        ["options"] = new JsonArray([.. plugin.Options.Options.Select(o => (JsonNode)new JsonObject
        {
            ["name"] = o.Name,
            ["type"] = o.Type.Text,
            ["range"] = o.Range?.Text,
            ["required"] = o.IsRequired,
            ["nullable"] = o.IsNullable,
            ["default"] = o.DefaultJson is { } value ? JsonNode.Parse(value) : null,
            ["description"] = o.Description,
        })]),
    };
}
