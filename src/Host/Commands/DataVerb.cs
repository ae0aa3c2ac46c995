using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Composition.Data;
using Orchestrator.Runs;
using Spectre.Console;
namespace Orchestrator.Host;

/// <summary><c>data list</c> and <c>data get</c>.</summary>
internal sealed class DataVerb(Terminal terminal, IHostApplicationLifetime lifetime, PluginFolders folders) : IVerb
{
    public Command Build() => new("data", "Lists datasets and gets the official files of those that are published.\n\nExamples:\n"
        + "  orchestrator data list\n  orchestrator data get fashion-mnist --data ./data")
    {
        BuildList(),
        BuildGet(),
    };

    private Command BuildList()
    {
        var data = CommonOptions.Data(exists: true);
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var command = new Command("list", "Lists datasets, whether their files are there, and where.") { data, plugins, json };
        command.SetAction(parsed =>
        {
            var dataFolders = folders.Data(parsed.GetValue(data));
            var rows = Published(parsed.GetValue(plugins)!).Select(d => (d.Name, d.Dataset, State: StateOf(d.Dataset, dataFolders))).ToList();
            if (parsed.GetValue(json))
            {
                Terminal.Line(new JsonArray([.. rows.Select(r => (JsonNode)new JsonObject
                {
                    ["name"] = r.Name,
                    ["ready"] = r.State.Ready,
                    ["state"] = r.State.Text,
                    ["terms"] = r.Dataset.Official?.Terms,
                })]).ToJsonString());
                return ExitCodes.Ok;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("dataset", "ready", "samples or what is missing", "published by");
            foreach (var (name, dataset, state) in rows)
            {
                table.AddRow(name.EscapeMarkup(), state.Ready ? "yes" : "no", state.Text.EscapeMarkup(), (dataset.Official?.Terms ?? "").EscapeMarkup());
            }

            terminal.Out.Write(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildGet()
    {
        var name = new Argument<string>("name") { Description = "The dataset." }.ThatNames("dataset");
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var command = new Command("get", "Downloads a dataset's official files, checks them, and puts them where runs find them; an interrupted download resumes.") { name, data, plugins };
        command.SetAction(parsed =>
        {
            var datasets = Published(parsed.GetValue(plugins)!);
            var wanted = parsed.GetValue(name)!;
            var known = datasets.Where(d => d.Dataset.Official is not null).Select(d => d.Name).ToList();
            if (datasets.FirstOrDefault(d => d.Name == wanted).Dataset?.Official is not { } official)
            {
                throw new UserException($"there is nothing to get for '{wanted}'; allowed: {string.Join(", ", known)}.");
            }

            var root = folders.Data(parsed.GetValue(data)).Roots[0];
            return Get(wanted, official, root);
        });
        return command;
    }

    private int Get(string name, OfficialFiles official, string root)
    {
        terminal.Error.MarkupLineInterpolated($"{official.Terms}");
        using var client = DatasetDownloader.NewClient();
        var last = "";
        var progress = new Immediate(p =>
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{p.File}: {100 * p.Received / Math.Max(1, p.Length) / 10 * 10} % of {p.Length / 1e6:F1} MB");
            if (line != last)
            {
                last = line;
                terminal.Error.MarkupLineInterpolated($"{line}");
            }
        });
        try
        {
            var folder = new DatasetDownloader(client).GetAsync(name, official, root, progress, lifetime.ApplicationStopping).GetAwaiter().GetResult();
            terminal.Out.MarkupLineInterpolated($"{name} is in {folder}.");
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("stopped; what has arrived stays, and the next call goes on from there.");
            return ExitCodes.Cancelled;
        }
        catch (DataException failure)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
    }

    private List<(string Name, IDataset Dataset)> Published(string[] plugins)
    {
        var catalog = folders.Read(plugins);
        return [.. catalog.Of(PluginKind.Dataset).Where(p => p.Options.Options.All(o => !o.IsRequired)).Select(p => (p.Name, catalog.Create<IDataset>(p)))];
    }

    private static (bool Ready, string Text) StateOf(IDataset dataset, DataFolders folders)
    {
        try
        {
            var shape = dataset.Describe(folders);
            return (true, string.Create(CultureInfo.InvariantCulture, $"{shape.TrainCount:N0} + {shape.TestCount:N0}"));
        }
        catch (DataException missing)
        {
            return (false, missing.Message.Split('\n')[0]);
        }
    }

    // The library's Progress hands reports to other threads, where they would arrive out of order.
    private sealed class Immediate(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
