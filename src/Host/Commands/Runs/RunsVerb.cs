using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Spectre.Console;
using static Orchestrator.Host.Figures;

namespace Orchestrator.Host;

/// <summary><c>runs list</c>, <c>runs show</c> and what else is made of run folders.</summary>
internal sealed class RunsVerb(Terminal terminal, IHostApplicationLifetime lifetime) : IVerb
{
    private const int MostEvaluations = 200;
    private const int DefaultLimit = 100;

    public Command Build() => new("runs", "Lists, shows, asks and keeps run folders.\n\nExamples:\n  orchestrator runs list --where status=completed --where optimizer.momentum=0.9\n"
        + "  orchestrator runs show 3f2a --json\n  orchestrator runs query \"SELECT name, count(*) FROM runs GROUP BY name\"")
    {
        BuildList(),
        BuildShow(),
        QueryRuns.Build(terminal, lifetime.ApplicationStopping),
        AnnotateRuns.BuildTag(terminal),
        AnnotateRuns.BuildNote(terminal),
        TabulateRuns.BuildCompare(terminal),
        TabulateRuns.BuildExport(terminal),
        new KeepRuns(terminal).BuildArchive(),
        new KeepRuns(terminal).BuildRemove(),
        new KeepRuns(terminal).BuildCollect(),
        DelaysExport.Build(terminal),
    };

    private Command BuildList()
    {
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var sort = new Option<string>("--sort")
        {
            Description = "Order: started (the newest last), name, status, accuracy (the best last), loss (the best last), updates, staleness.",
            HelpName = "by",
            DefaultValueFactory = _ => "started",
        }.AcceptOnlyFromAmong([.. Enum.GetNames<RunOrder>().Select(name => name.ToLowerInvariant())]);
        var limit = new Option<int?>("--limit", "-n")
        {
            Description = $"Shows the last so many; 0 shows all. {DefaultLimit} unless --json is given.",
            HelpName = "n",
        }.Within("a number of runs", 0, int.MaxValue);
        var where = RunSelection.Where();
        var json = CommonOptions.Json();
        var command = new Command("list", "Lists runs, oldest first: status (NC is no convergence), update rule, seed, test accuracy, and the values in which they differ from each other.\n\n"
            + "Examples:\n  orchestrator runs list\n  orchestrator runs list --sort accuracy --limit 10\n  orchestrator runs list --where testAccuracy>90 --where workers.count=16") { where, output, sort, limit, json };
        command.SetAction(parsed =>
        {
            var listing = parsed.GetValue(where)! is { Length: > 0 } conditions
                ? new RunListing(RunSelection.Find(terminal, parsed.GetValue(output)!, conditions), [])
                : RunReader.List(parsed.GetValue(output)!);
            var all = Sorted(listing.Runs, Enum.Parse<RunOrder>(parsed.GetValue(sort)!, ignoreCase: true));
            var most = parsed.GetValue(limit) ?? (parsed.GetValue(json) ? 0 : DefaultLimit);
            var shown = most == 0 || all.Count <= most ? all : [.. all.Skip(all.Count - most)];
            foreach (var problem in listing.Problems)
            {
                terminal.Warn(problem);
            }

            if (parsed.GetValue(json))
            {
                Terminal.Line(Json(shown));
            }
            else if (listing.Runs.Count == 0)
            {
                terminal.Out.WriteLine($"No {(parsed.GetValue(where)!.Length > 0 ? "such " : "")}runs in {Path.GetFullPath(parsed.GetValue(output)!)}.");
            }
            else
            {
                if (shown.Count < all.Count)
                {
                    terminal.Note($"The last {shown.Count} of {all.Count} runs; --limit 0 shows all.");
                }

                RunList.Write(terminal.Out, shown, Console.IsOutputRedirected);
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

        (string Name, Func<EvaluationRecord, SetScore?> Of)[] sets = [("train", row => row.Train), ("validation", row => row.Validation)];
        sets = [.. sets.Where(set => last.Any(row => set.Of(row) is not null))];
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            ["epoch", "version", "test accuracy, %", "test loss", .. sets.SelectMany(set => (string[])[$"{set.Name} accuracy, %", $"{set.Name} loss"]), "clock, s"]);
        foreach (var row in last)
        {
            table.AddRow(
            [
                Number(row.Epoch, "F2"), Number(row.Version, "N0"), Number(row.TestAccuracy, "F2"), Number(row.TestLoss, "G5"),
                .. sets.SelectMany(set => (string[])[Number(set.Of(row)?.Accuracy, "F2"), Number(set.Of(row)?.Loss, "G5")]), Number(row.At / 1e9, "F2"),
            ]);
        }

        terminal.Out.Write(table);
    }

    // The best, the largest, the newest last, where one looks first.
    private static IReadOnlyList<RunEntry> Sorted(IReadOnlyList<RunEntry> runs, RunOrder order) => order switch
    {
        RunOrder.Started => runs,
        RunOrder.Name => [.. runs.OrderBy(run => run.Name, StringComparer.Ordinal)],
        RunOrder.Status => [.. runs.OrderBy(run => run.Status)],
        RunOrder.Accuracy => [.. runs.OrderBy(run => run.Document?.Summary?.TestAccuracy ?? double.NegativeInfinity)],
        RunOrder.Loss => [.. runs.OrderByDescending(run => run.Document?.Summary?.TestLoss ?? double.PositiveInfinity)],
        RunOrder.Updates => [.. runs.OrderBy(run => run.Document?.Summary?.Updates ?? -1)],
        _ => [.. runs.OrderBy(run => run.Document?.Summary?.Staleness.Mean ?? -1)],
    };

    private static string Json(IEnumerable<RunEntry> runs) => new JsonArray([.. runs.Select(run => (JsonNode)new JsonObject
    {
        ["id"] = run.Id,
        ["attempt"] = run.Attempt,
        ["name"] = run.Name,
        ["status"] = run.Status.ToString().ToLowerInvariant(),
        ["started"] = run.Started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["folder"] = run.Folder,
        ["summary"] = run.Document?.Summary is null ? null : JsonNode.Parse(RunReader.Summarize(run, [])!.ToJson()),
    })]).ToJsonString(new JsonSerializerOptions { WriteIndented = false });
}

/// <summary>What runs are listed by.</summary>
internal enum RunOrder
{
    /// <summary>When they started.</summary>
    Started,

    /// <summary>Their pipeline's name.</summary>
    Name,

    /// <summary>How they ended.</summary>
    Status,

    /// <summary>Test accuracy, the best last.</summary>
    Accuracy,

    /// <summary>Test loss, the smallest last.</summary>
    Loss,

    /// <summary>Updates.</summary>
    Updates,

    /// <summary>Mean staleness.</summary>
    Staleness,
}
