using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Runs;
using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>runs query "SELECT ..."</c>.</summary>
internal static class QueryRuns
{
    public static Command Build(Terminal terminal, CancellationToken stop)
    {
        var sql = new Argument<string>("sql") { Description = "A SELECT of SQLite. Nothing can be changed." }.ThatNames("query");
        var (format, output, json) = (ComparisonOptions.Format(), CommonOptions.Output(), CommonOptions.Json());
        output.Description = "Where run folders lie.";
        var command = new Command("query", "Asks all runs at once, in SQL. There are three tables:\n"
            + $"  runs      {Columns()}\n"
            + "  settings  run, path, value, number: the values of each run's pipeline; number where the value is one\n"
            + "  tags      run, tag\n"
            + "Times are UTC, booleans 0 or 1, folder is relative to --output. The index is a cache: the folders are read again where they have changed.\n\n"
            + "Examples:\n"
            + "  orchestrator runs query \"SELECT name, count(*), max(testAccuracy) FROM runs GROUP BY name\"\n"
            + "  orchestrator runs query \"SELECT s.value, avg(r.testAccuracy) FROM runs r JOIN settings s USING (run) WHERE s.path = 'optimizer.momentum' GROUP BY 1\" --format csv")
        {
            sql, format, output, json,
        };
        command.SetAction(parsed =>
        {
            var form = ComparisonOptions.FormatOf(parsed.GetValue(format)!);
            using var index = RunSelection.Open(terminal, parsed.GetValue(output)!);
            try
            {
                var answer = index.Query(parsed.GetValue(sql)!, stop);
                Terminal.Line(parsed.GetValue(json) ? Json(answer) : Print(Table(answer), form, ComparisonOptions.Width(terminal)));
                return ExitCodes.Ok;
            }
            catch (IndexQueryException wrong)
            {
                throw new UserException($"sql: {wrong.Message}; 'runs query --help' has the tables and their columns.");
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Cancelled;
            }
        });
        return command;
    }

    /// <summary>A table in one of the forms that tables are printed in.</summary>
    public static string Print(PlainTable table, string format, int width) => format switch
    {
        "csv" => table.ToCsv(),
        "markdown" => table.ToMarkdown(),
        "latex" => table.ToLatex(),
        _ => table.ToText(width),
    };

    private static string Columns() => string.Join(", ", RunIndex.Columns.Prepend("run"));

    private static PlainTable Table(IndexAnswer answer) => new(
        [.. answer.Columns.Select((name, i) => (name, answer.Rows.Count > 0 && answer.Rows.All(row => row[i] is null or long or double)))],
        [.. answer.Rows.Select(row => row.Select(Text).ToArray())]);

    private static string Text(object? value) => value switch
    {
        null => "",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    // Of columns with one name the second is NAME:1, as SQLite calls it in a query within another.
    private static List<string> Members(IReadOnlyList<string> columns)
    {
        var members = new List<string>();
        foreach (var name in columns)
        {
            members.Add(Enumerable.Range(0, columns.Count).Select(n => n == 0 ? name : FormattableString.Invariant($"{name}:{n}")).First(free => !members.Contains(free)));
        }

        return members;
    }

    private static string Json(IndexAnswer answer) => new JsonArray([.. answer.Rows.Select(row =>
    {
        var (line, members) = (new JsonObject(), Members(answer.Columns));
        for (var i = 0; i < members.Count; i++)
        {
            line[members[i]] = row[i] switch
            {
                null => null,
                long whole => whole,
                double number => double.IsFinite(number) ? number : null,
                var other => Text(other),
            };
        }

        return (JsonNode)line;
    })]).ToJsonString();
}
