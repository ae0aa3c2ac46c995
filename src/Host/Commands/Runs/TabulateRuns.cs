using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// <c>runs compare</c> and <c>runs export</c>: runs side by side, and as rows for other programs.
/// </summary>
internal static class TabulateRuns
{
    private static readonly string[] Forms = ["csv", "json"];
    private static readonly string[] Kinds = ["runs", "evaluations"];
    private static readonly string[] SideBySide =
        ["status", "message", "program", "kernelPath", "data", "clock", "digest", "testAccuracy", "testLoss", "noConvergence", "updates", "staleness", "gap", "virtualSeconds", "wallSeconds"];

    public static Command BuildCompare(Terminal terminal)
    {
        var (selection, format, json) = (new RunSelection(terminal), ComparisonOptions.Format(), CommonOptions.Json());
        var command = new Command("compare", "Puts runs side by side: the settings in which they differ, and what they came to. For verdicts over seeds: 'orchestrator compare'.\n\n"
            + "Examples:\n  orchestrator runs compare 3f2a 77bc\n  orchestrator runs compare --where seed=1 --where name=my --format markdown");
        selection.AddTo(command);
        command.Add(format);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var form = ComparisonOptions.FormatOf(parsed.GetValue(format)!);
            var runs = selection.Find(parsed);
            List<RunRow> rows = [.. runs.Select(run => RunRow.Of(run, selection.Output(parsed)))];
            var differing = RunSettings.Differences([.. rows.Select(row => row.Settings)]);
            string[] paths = [.. differing.SelectMany(values => values).Select(value => value.Key).Distinct().Order(StringComparer.Ordinal)];
            var names = runs.Select(run => $"{run.Name}/{run.Id}-{run.Attempt}").ToList();
            List<string[]> lines =
            [
                .. paths.Select(path => Line(path, differing.Select(values => values.FirstOrDefault(value => value.Key == path).Value ?? ""))),
                .. SideBySide.Select(name => Line(name, rows.Select(row => Text(row.Values.First(value => value.Name == name).Value)))).Where(line => line.Skip(1).Any(text => text.Length > 0)),
            ];
            Terminal.Line(parsed.GetValue(json) ? Json(names, lines, paths.Length) : QueryRuns.Print(new PlainTable([("", false), .. names.Select(name => (name, false))], lines), form, ComparisonOptions.Width(terminal)));
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command BuildExport(Terminal terminal)
    {
        var selection = new RunSelection(terminal);
        var file = new Option<string?>("--file", "-f") { Description = "Where to write; standard output when it is not given.", HelpName = "file" }.ThatNames("file");
        var form = new Option<string>("--format") { Description = $"{string.Join(" or ", Forms)}.", HelpName = "name", DefaultValueFactory = _ => Forms[0] }.AcceptOnlyFromAmong(Forms);
        var kind = new Option<string>("--rows") { Description = "runs: a row per run, with every setting as a column; evaluations: a row per evaluation of each run.", HelpName = "kind", DefaultValueFactory = _ => Kinds[0] }.AcceptOnlyFromAmong(Kinds);
        var command = new Command("export", "Writes runs as rows for other programs: what the index has of each, its tags, and every setting of its pipeline by path; or the curves, an evaluation per row.\n\n"
            + "Examples:\n  orchestrator runs export --where tag=paper --file runs.csv\n  orchestrator runs export --where name=my --rows evaluations --format json");
        selection.AddTo(command);
        command.Add(kind);
        command.Add(form);
        command.Add(file);
        command.SetAction(parsed =>
        {
            var runs = selection.Find(parsed);
            var (columns, rows) = parsed.GetValue(kind) == Kinds[0] ? OfRuns(runs, selection.Output(parsed)) : OfEvaluations(terminal, runs);
            var text = parsed.GetValue(form) == Forms[1]
                ? new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject(columns.Zip(row).Where(pair => pair.Second is not null).Select(pair => KeyValuePair.Create(pair.First, Node(pair.Second)))))]).ToJsonString()
                : new PlainTable([.. columns.Select(column => (column, false))], [.. rows.Select(row => row.Select(Text).ToArray())]).ToCsv();
            Write(parsed.GetValue(file), text);
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{rows.Count} rows of {runs.Count} runs."));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static (IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows) OfRuns(IReadOnlyList<RunEntry> runs, string output)
    {
        List<RunRow> rows = [.. runs.AsParallel().AsOrdered().Select(run => RunRow.Of(run, output))];

        // A setting that the index has a column of stands there.
        string[] known = [.. RunIndex.Columns, "tags"];
        string[] paths = [.. rows.SelectMany(row => row.Settings.Keys).Distinct().Except(known).Order(StringComparer.Ordinal)];
        return ([.. known, .. paths], [.. rows.Select(row => (object?[])
        [
            .. row.Values.Select(value => value.Value), row.Notes.Tags.Count == 0 ? null : string.Join(' ', row.Notes.Tags),
            .. paths.Select(path => (object?)row.Settings.GetValueOrDefault(path)),
        ])]);
    }

    private static (IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows) OfEvaluations(Terminal terminal, IReadOnlyList<RunEntry> runs)
    {
        var rows = new List<object?[]>();
        foreach (var run in runs)
        {
            using var evaluations = RunRows.Evaluations(run.Folder);
            while (evaluations.TryRead(out var e))
            {
                rows.Add([run.Name, run.Id, (long)run.Attempt, e.Version, e.Epoch, e.At / 1e9, e.TestAccuracy, e.TestLoss, e.Train?.Accuracy, e.Train?.Loss, e.Validation?.Accuracy, e.Validation?.Loss]);
            }

            if (evaluations.Problem is { } problem)
            {
                terminal.Warn(problem);
            }
        }

        return (["name", "id", "attempt", "version", "epoch", "seconds", "testAccuracy", "testLoss", "trainAccuracy", "trainLoss", "validationAccuracy", "validationLoss"], rows);
    }

    private static string[] Line(string name, IEnumerable<string> values) => [name, .. values];

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static JsonNode? Node(object? value) => value switch
    {
        double number => double.IsFinite(number) ? number : null,
        long whole => whole,
        int whole => whole,
        _ => Text(value),
    };

    private static string Json(List<string> names, List<string[]> lines, int settings) => new JsonObject
    {
        ["runs"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
        ["settings"] = new JsonObject(lines.Take(settings).Select(Member)),
        ["results"] = new JsonObject(lines.Skip(settings).Select(Member)),
    }.ToJsonString();

    private static KeyValuePair<string, JsonNode?> Member(string[] line) => new(line[0], new JsonArray([.. line.Skip(1).Select(text => (JsonNode?)text)]));

    private static void Write(string? file, string text)
    {
        if (file is null)
        {
            Terminal.Line(text);
            return;
        }

        try
        {
            // Beside, then renamed: no reader finds half of it.
            File.WriteAllText(file + ".tmp", text + "\n");
            File.Move(file + ".tmp", file, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
    }
}
