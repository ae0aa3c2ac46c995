using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Runs;
using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// <c>anatomy</c>: how much of the variance between runs is initialisation, order, partition,
/// timing.
/// </summary>
internal sealed class AnatomyVerb(Terminal terminal) : IVerb
{
    public Command Build()
    {
        var runs = new Argument<string>("runs") { Description = "A sweep whose 'factors' were crossed: its pipeline's name, or a folder of its runs." }.ThatNames("sweep");
        var metric = ComparisonOptions.Metric($"What the sweep says, or {RunMetric.All[0].Key}, when it is not given.");
        var format = ComparisonOptions.Format();
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var ledgers = ComparisonOptions.Ledgers();
        var json = CommonOptions.Json();
        var command = new Command(
            "anatomy",
            "Takes the variance between runs apart by the random streams that were varied, with 95 % intervals.\n\nExamples:\n"
            + "  orchestrator anatomy async-5-anatomy\n"
            + "  orchestrator anatomy runs/async-5-anatomy --metric test-loss --json")
        {
            runs, metric, format, output, ledgers, json,
        };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(metric) is { } named ? ComparisonOptions.MetricOf(named) : null;
            var form = ComparisonOptions.FormatOf(parsed.GetValue(format)!);
            var notes = new List<string>();
            var operand = ComparisonOperand.Find(parsed.GetValue(output)!, parsed.GetValue(ledgers)!, parsed.GetValue(runs)!, notes, out var problem) ?? throw new UserException(problem!);
            foreach (var note in notes)
            {
                terminal.Warn(note);
            }

            var tables = RunAnatomy.Of(operand, asked ?? ComparisonOptions.MetricOf([operand]), out problem) ?? throw new UserException(problem!);
            Terminal.Line(parsed.GetValue(json) ? Json(tables) : Text(tables, form));
            return ExitCodes.Ok;
        });
        return command;
    }

    private string Text(IReadOnlyList<(string Cell, AnatomyTable Table)> tables, string format) => format != "csv"
        ? string.Join('\n', tables.Select(t => Text(t.Cell, t.Table, format)))
        : tables is [("", var only)] ? only.ToCsv() : AnatomyTable.ToCsv(tables);

    private string Text(string cell, AnatomyTable table, string format)
    {
        var text = format switch
        {
            "markdown" => table.ToMarkdown(),
            "latex" => table.ToLatex(),
            _ => table.ToText(ComparisonOptions.Width(terminal)),
        };
        return cell.Length == 0 ? text : $"{cell}\n\n{text}";
    }

    private static string Json(IReadOnlyList<(string Cell, AnatomyTable Table)> tables) => new JsonArray([.. tables.Select(t =>
    {
        var table = JsonNode.Parse(t.Table.ToJson())!.AsObject();
        table.Insert(0, "cell", t.Cell);
        return (JsonNode)table;
    })]).ToJsonString();
}
