using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Spectre.Console;
using static Orchestrator.Host.Figures;
namespace Orchestrator.Host;

/// <summary><c>runs list</c>, <c>runs show</c> and what else is made of run folders.</summary>
internal sealed class RunsVerb(Terminal terminal) : IVerb
{
    private const int MostEvaluations = 200;

    public Command Build() => new("runs", "Lists, shows and exports run folders.\n\nExamples:\n  orchestrator runs list\n  orchestrator runs show 3f2a --json")
    {
        BuildList(),
        BuildShow(),
        DelaysExport.Build(terminal),
    };

    private Command BuildList()
    {
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var json = CommonOptions.Json();
        var command = new Command("list", "Lists runs, oldest first, with their status.") { output, json };
        command.SetAction(parsed =>
        {
            var listing = RunReader.List(parsed.GetValue(output)!);
            foreach (var problem in listing.Problems)
            {
                terminal.Warn(problem);
            }

            if (parsed.GetValue(json))
            {
                Terminal.Line(Json(listing.Runs));
            }
            else if (listing.Runs.Count == 0)
            {
                terminal.Out.WriteLine($"No runs in {Path.GetFullPath(parsed.GetValue(output)!)}.");
            }
            else
            {
                terminal.Out.Write(Table(listing.Runs));
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildShow()
    {
        var id = CommonOptions.Run("id");
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var json = CommonOptions.Json();
        var command = new Command("show", "Shows a run: its summary and its evaluations.") { id, output, json };
        command.SetAction(parsed =>
        {
            if (!RunSearch.TryFind(parsed.GetValue(output)!, parsed.GetValue(id)!, out var run, out var problem))
            {
                throw new UserException(problem);
            }

            var problems = new List<string>();
            var summary = RunReader.Summarize(run, problems) ?? throw new UserException(run.Problem ?? $"{run.Folder}: run.json cannot be read.", ExitCodes.Failed);
            foreach (var line in problems)
            {
                terminal.Warn(line);
            }

            if (parsed.GetValue(json))
            {
                Terminal.Line(summary.ToJson());
                return ExitCodes.Ok;
            }

            SummaryView.Write(terminal.Out, summary);
            WriteEvaluations(run.Folder);
            return ExitCodes.Ok;
        });
        return command;
    }

    private void WriteEvaluations(string folder)
    {
        using var rows = RunRows.Evaluations(folder);
        var (last, count) = (new Queue<EvaluationRecord>(), 0L);
        foreach (var row in rows.ReadAll())
        {
            count++;
            last.Enqueue(row);
            if (last.Count > MostEvaluations)
            {
                last.Dequeue();
            }
        }

        if (rows.Problem is { } problem)
        {
            terminal.Warn(problem);
        }

        if (count > last.Count)
        {
            terminal.Out.WriteLine(FormattableString.Invariant($"The last {last.Count} of {count:N0} evaluations; all are in evaluations.csv."));
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("epoch", "version", "test accuracy, %", "test loss", "clock, s");
        foreach (var row in last)
        {
            table.AddRow(Number(row.Epoch, "F2"), Number(row.Version, "N0"), Number(row.TestAccuracy, "F2"), Number(row.TestLoss, "G5"), Number(row.At / 1e9, "F2"));
        }

        terminal.Out.Write(table);
    }

    private static Table Table(IEnumerable<RunEntry> runs)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("run", "id", "status", "started (UTC)", "test accuracy, %", "updates", "staleness mean");
        foreach (var run in runs)
        {
            var summary = run.Document?.Summary;
            table.AddRow(
                run.Name.EscapeMarkup(), $"{run.Id}-{run.Attempt}".EscapeMarkup(), run.Status.ToString().ToLowerInvariant(),
                run.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Number(summary?.TestAccuracy, "F2"), Number(summary?.Updates, "N0"), Number(summary?.Staleness.Mean, "F2"));
        }

        return table;
    }

    private static string Json(IEnumerable<RunEntry> runs) => new JsonArray([.. runs.Select(run => (JsonNode)new JsonObject
    {
        ["id"] = run.Id,
        ["attempt"] = run.Attempt,
        ["name"] = run.Name,
        ["status"] = run.Status.ToString().ToLowerInvariant(),
        ["started"] = run.Started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["folder"] = run.Folder,
        ["summary"] = run.Document?.Summary is { } summary ? JsonNode.Parse(summary.ToJson()) : null,
    })]).ToJsonString(new JsonSerializerOptions { WriteIndented = false });
}
