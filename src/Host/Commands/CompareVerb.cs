using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>compare</c>: verdicts between variants, sweeps, runs or folders of runs.</summary>
internal sealed class CompareVerb(Terminal terminal) : IVerb
{
    public Command Build()
    {
        var operands = new Argument<string[]>("runs")
        {
            Description = "A sweep, a folder of runs, a pipeline's name, a run; each also as LABEL=... With one, its cells are compared along --by.",
            Arity = ArgumentArity.OneOrMore,
        }.ThatNames("run");
        var metric = ComparisonOptions.Metric($"What the sweep says, or {RunMetric.All[0].Key}, when it is not given.");
        var delta = new Option<string?>("--delta") { Description = "Differences within this do not matter, in the metric's unit. What the sweep says, or 0.5 points of accuracy, when it is not given.", HelpName = "number" };
        var by = new Option<string?>("--by") { Description = "The path, or several with commas, whose values are compared within one operand. What the sweep says when it is not given.", HelpName = "path" };
        var baseline = new Option<string?>("--baseline") { Description = "The variant that all others are compared with; all pairs when it is not given.", HelpName = "variant" };
        var format = ComparisonOptions.Format();
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var ledgers = ComparisonOptions.Ledgers();
        var json = CommonOptions.Json();
        var command = new Command(
            "compare",
            "Compares runs, paired by seed: verdicts, how many seeds would tell, ranks over settings, and the paragraph for a paper.\n\nExamples:\n"
            + "  orchestrator compare heavy-ball gap-aware\n"
            + "  orchestrator compare runs/momenta --by optimizer.momentum --baseline 0\n"
            + "  orchestrator compare old=runs-of-may/async-5 new=runs/async-5 --delta 1 --format latex")
        {
            operands, metric, delta, by, baseline, format, output, ledgers, json,
        };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(metric) is { } name ? ComparisonOptions.MetricOf(name) : null;
            var form = ComparisonOptions.FormatOf(parsed.GetValue(format)!);
            var found = Find(parsed.GetValue(output)!, parsed.GetValue(ledgers)!, parsed.GetValue(operands)!);
            var chosen = asked ?? ComparisonOptions.MetricOf(found);
            var only = found.Count == 1 ? Held(found[0]) : null;
            var request = new ComparisonRequest
            {
                Metric = chosen,
                Delta = Delta(parsed.GetValue(delta), chosen, only),
                By = parsed.GetValue(by) ?? only?.By,
                Baseline = parsed.GetValue(baseline) ?? (parsed.GetValue(by) is null ? only?.Baseline : null),
                Operands = found,
            };
            var report = RunComparer.Compare(request, out var problem) ?? throw new UserException(problem!);
            foreach (var note in report.Notes)
            {
                terminal.Warn(note);
            }

            Terminal.Line(parsed.GetValue(json) ? Json(report) : Text(report, form));
            return ExitCodes.Ok;
        });
        return command;
    }

    // What all sweeps are compared by; the usual one where they say several things, or none.
    // What a sweep says of comparisons, without an axis or a baseline that none of its runs has: they
    // were left out, or behind.
    private SweepQuestion? Held(ComparisonOperand operand)
    {
        if (operand.Sweep is not { By: { } by } sweep)
        {
            return operand.Sweep;
        }

        var values = operand.Runs.Select(run => run.Settings.GetValueOrDefault(by)).Distinct().ToList();
        if (values.Count < 2)
        {
            terminal.Note($"{operand.Label}: all its runs have {by} = {values[0]}, so the axis that the sweep names is not compared along.");
            return sweep with { By = null, Baseline = null };
        }

        if (sweep.Baseline is { } baseline && !values.Contains(baseline))
        {
            terminal.Note($"{operand.Label}: none of its runs has {by} = {baseline}, the sweep's baseline, so all pairs are compared.");
            return sweep with { Baseline = null };
        }

        return sweep;
    }

    private List<ComparisonOperand> Find(string output, string ledgers, string[] texts)
    {
        var operands = new List<ComparisonOperand>();
        var problems = new List<string>();
        var notes = new List<string>();
        foreach (var text in texts)
        {
            if (ComparisonOperand.Find(output, ledgers, text, notes, out var problem) is { } operand)
            {
                operands.Add(operand);
            }
            else
            {
                problems.Add(problem!);
            }
        }

        foreach (var note in notes)
        {
            terminal.Warn(note);
        }

        return problems.Count == 0 ? operands : throw new UserException(string.Join('\n', problems));
    }

    private string Text(RunComparisonReport report, string format)
    {
        var width = ComparisonOptions.Width(terminal);
        return format switch
        {
            "csv" => (report.Sequential?.ToCsv() ?? report.Comparisons.ToCsv()).TrimEnd(),
            "markdown" => string.Join('\n', [report.Cells.ToMarkdown(), report.Sequential?.ToMarkdown() ?? report.Comparisons.ToMarkdown(), .. Ranks(r => r.ToMarkdown()), .. report.Pairing.Select(p => p.ToMarkdown()), report.Paragraph]),
            "latex" => string.Join('\n', [report.Cells.ToLatex(), report.Sequential?.ToLatex() ?? report.Comparisons.ToLatex(), .. Ranks(r => r.ToLatex()), .. report.Pairing.Select(p => p.ToLatex()), report.Paragraph]),
            _ => string.Join('\n', [report.Cells.ToText(width), report.Sequential?.ToText(width) ?? report.Comparisons.ToText(width), .. Ranks(r => r.ToText(width)), .. report.Pairing.Select(p => p.ToText(width)), "For a paper:\n", report.Paragraph]),
        };

        IEnumerable<string> Ranks(Func<Statistics.Tables.RankTable, string> render) => report.Ranks is { } ranks ? [render(ranks)] : [];
    }

    private static string Json(RunComparisonReport report)
    {
        var cells = JsonNode.Parse(report.Cells.ToJson())!.AsObject();
        var comparisons = JsonNode.Parse(report.Sequential?.ToJson() ?? report.Comparisons.ToJson())!.AsObject();
        return new JsonObject
        {
            ["metric"] = cells["metric"]!.DeepClone(),
            ["delta"] = comparisons["delta"]!.DeepClone(),
            ["table"] = cells,
            ["comparisons"] = comparisons["comparisons"]!.DeepClone(),
            ["caption"] = comparisons["caption"]!.DeepClone(),
            ["ranks"] = report.Ranks is { } ranks ? JsonNode.Parse(ranks.ToJson()) : null,
            ["pairing"] = new JsonArray([.. report.Pairing.Select(p => JsonNode.Parse(p.ToJson()))]),
            ["paragraph"] = report.Paragraph,
            ["notes"] = new JsonArray([.. report.Notes.Select(n => (JsonNode)n)]),
        }.ToJsonString();
    }

    private static double Delta(string? text, RunMetric metric, SweepQuestion? sweep)
    {
        if (text is null)
        {
            return (sweep?.Metric == metric.Table.Name ? sweep.Delta ?? metric.DefaultDelta ?? 0 : (double?)null) ?? metric.DefaultDelta ?? throw new UserException($"--delta is needed with --metric {metric.Key}: which difference does not matter, as a number above 0.");
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : throw new UserException($"--delta: '{text}' is not allowed; a number above 0 is, with a decimal point.");
    }
}
