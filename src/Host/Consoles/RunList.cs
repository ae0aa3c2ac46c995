using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Spectre.Console;
using static Orchestrator.Host.Figures;

namespace Orchestrator.Host;

/// <summary>
/// Runs, one line each, told apart: id, status, update rule, seed, accuracy, and the values in
/// which they differ from each other. A terminal's width decides what else is shown; ids are never
/// cut. A pipe gets every column, with two spaces between them.
/// </summary>
internal static class RunList
{
    private const int WideEnough = 110;
    private const int MostDifferences = 6;
    private const int LongestValue = 40;
    private const int ShortestOption = 5;

    public static void Write(IAnsiConsole console, IReadOnlyList<RunEntry> runs, bool isPiped)
    {
        var rows = Rows(runs);
        var names = runs.Select(run => run.Name).Distinct().Count() > 1;
        var isWide = isPiped || console.Profile.Width >= WideEnough;
        List<(string Title, Func<Row, string> Cell, bool Wraps)> columns =
        [
            .. names || isPiped ? [("name", row => row.Run.Name, false)] : Array.Empty<(string, Func<Row, string>, bool)>(),
            ("id", row => $"{row.Run.Id}-{row.Run.Attempt}", false),
            ("status", row => row.Status, false),
            ("rule", row => row.Rule, false),
            ("seed", row => row.Seed, false),
            ("acc, %", row => Number(row.Summary?.TestAccuracy, "F2"), false),
            .. isWide
                ? [("updates", row => Number(row.Summary?.Updates, "N0"), false), ("staleness", row => Number(row.Summary?.Staleness.Mean, "F2"), false), ("started (UTC)", row => row.Started, false)]
                : Array.Empty<(string, Func<Row, string>, bool)>(),
            ("differs in", row => row.Differs, true),
        ];
        if (!names && !isPiped)
        {
            console.MarkupLine($"[bold]{Printable.Line(runs[0].Name).EscapeMarkup()}[/]");
        }

        if (isPiped)
        {
            WritePlain(rows, columns);
        }
        else
        {
            WriteTable(console, rows, columns);
        }
    }

    private static void WriteTable(IAnsiConsole console, List<Row> rows, List<(string Title, Func<Row, string> Cell, bool Wraps)> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var (title, _, wraps) in columns)
        {
            table.AddColumn(new TableColumn(title) { NoWrap = !wraps, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. columns.Select(column => Printable.Line(column.Cell(row)).EscapeMarkup())]);
        }

        console.Write(table);
    }

    private static void WritePlain(List<Row> rows, List<(string Title, Func<Row, string> Cell, bool Wraps)> columns)
    {
        var cells = rows.ConvertAll(row => columns.ConvertAll(column => Printable.Line(column.Cell(row))));
        var widths = columns.Select((column, i) => cells.Max(row => row[i].Length) is var longest && longest > column.Title.Length ? longest : column.Title.Length).ToList();
        foreach (var line in cells.Prepend(columns.ConvertAll(column => column.Title)))
        {
            Terminal.Line(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    private static List<Row> Rows(IReadOnlyList<RunEntry> runs)
    {
        var settings = runs.AsParallel().AsOrdered().Select(RunSettings.Read).ToList();
        var differences = new string[runs.Count];

        // Runs of other pipelines differ in nearly everything.
        foreach (var group in Enumerable.Range(0, runs.Count).GroupBy(i => runs[i].Name))
        {
            int[] members = [.. group];
            var of = RunSettings.Differences([.. members.Select(i => settings[i])]);
            var paths = of.SelectMany(values => values).Select(value => value.Key).Distinct().ToList();
            for (var i = 0; i < members.Length; i++)
            {
                differences[members[i]] = Text([.. of[i].Where(value => value.Key is not ("seed" or "optimizer.type")).Select(value => $"{Short(value.Key, paths)}={Cut(value.Value)}")]);
            }
        }

        return [.. runs.Select((run, i) => new Row(run, settings[i].GetValueOrDefault("optimizer.type", "-"), settings[i].GetValueOrDefault("seed", "-"), differences[i]))];
    }

    private static string Text(List<string> values) =>
        string.Join(", ", values.Take(MostDifferences)) + (values.Count > MostDifferences ? $", and {values.Count - MostDifferences} more" : "");

    // A plugin's part says enough, and so does an option that no other part has.
    private static string Short(string path, List<string> paths)
    {
        if (path.EndsWith(".type", StringComparison.Ordinal))
        {
            return path[..^".type".Length];
        }

        var last = path[(path.LastIndexOf('.') + 1)..];
        return last.Length > ShortestOption && paths.Count(other => other == last || other.EndsWith("." + last, StringComparison.Ordinal)) == 1 ? last : path;
    }

    private static string Cut(string value) => value.Length > LongestValue ? value[..LongestValue] + "..." : value;

    private sealed record Row(RunEntry Run, string Rule, string Seed, string Differs)
    {
        public RunSummary? Summary => Run.Document?.Summary;

        public string Status => Run.Status.ToString().ToLowerInvariant() is var status && Summary?.NoConvergence == true && Run.Status == RunStatus.Completed ? "NC" : status;

        public string Started => Run.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
