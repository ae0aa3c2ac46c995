using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>analyze RUN|SWEEP...</c>: what analyzers say of recorded runs.</summary>
internal sealed class AnalyzeVerb(Terminal terminal, PluginFolders folders, IHostApplicationLifetime lifetime, ILogger<RunSession> logger) : IVerb
{
    public Command Build()
    {
        var operands = new Argument<string[]>("runs")
        {
            Description = "A run, a sweep, a folder of runs or a pipeline's name; of a pipeline with sweeps, the newest of them.",
            Arity = ArgumentArity.OneOrMore,
        }.ThatNames("run");
        var only = new Option<string[]>("--only")
        {
            Description = "An analyzer to ask; repeatable. All when it is not given.",
            HelpName = "name",
            DefaultValueFactory = _ => [],
        };
        var set = CommonOptions.Set();
        set.Description = "Sets an option of an analyzer, NAME.OPTION=VALUE; repeatable. Example: --set stragglers.ratio=2";
        set.HelpName = "name.option=value";
        var threads = CommonOptions.Threads("Runs that are read at the same time, 1 to 1024. Changes no finding.");
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var ledgers = ComparisonOptions.Ledgers();
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var command = new Command(
            "analyze",
            "Says what recorded runs show: findings with a grade, a number, the place that shows it, and a control without which nothing is claimed.\n\nExamples:\n"
            + "  orchestrator analyze 3f2a\n"
            + "  orchestrator analyze runs/momenta --only factors --json\n"
            + "  orchestrator analyze 3f2a --only stragglers --set stragglers.ratio=2\n"
            + "  orchestrator analyze 3f2a --only stragglers --set stragglers.counterfactual=slow\n\n"
            + "Exit codes: 0 done, whatever was found; 1 an analyzer failed; 2 there are findings, and all are inconclusive; 64 an argument is wrong; 130 it was interrupted.")
        {
            operands, only, set, threads, output, ledgers, data, plugins, json,
        };
        command.SetAction(parsed =>
        {
            var catalog = folders.Read(parsed.GetValue(plugins)!);
            var analyzers = PluginSettings.Bind(catalog, PluginKind.Analyzer, parsed.GetValue(only)!, parsed.GetValue(set)!, out var mistakes);
            var (notes, problems) = (new List<string>(), mistakes.Select(mistake => mistake.ToString()).ToList());
            var training = new RunOptions(folders.Data(parsed.GetValue(data)))
            {
                Cores = parsed.GetValue(threads),
                Checkpoints = CheckpointRule.Never,
                Console = new RunConsole(terminal, logger, showsProgress: false),
                SharedData = new LoadedData(),
            };
            var kept = Counterfactuals.FolderIn(parsed.GetValue(output)!);
            var runs = AnalyzedRuns.Find(
                parsed.GetValue(output)!, parsed.GetValue(ledgers)!, parsed.GetValue(operands)!, notes, problems, run => new Counterfactuals(run, catalog, training, kept));
            notes.ForEach(terminal.Warn);
            if (problems.Count > 0 || runs.Count == 0)
            {
                throw new UserException(problems.Count > 0 ? string.Join('\n', problems) : "None of these runs can be read.");
            }

            return Analyze(new RunAnalysis(analyzers, parsed.GetValue(threads)), runs, parsed.GetValue(json));
        });
        return command;
    }

    private int Analyze(RunAnalysis analysis, IReadOnlyList<IRunRecords> runs, bool json)
    {
        AnalysisReport report;
        try
        {
            report = analysis.Analyze(runs, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }

        foreach (var problem in report.Problems)
        {
            terminal.Warn(problem);
        }

        foreach (var failure in report.Failures)
        {
            terminal.Fail(failure);
        }

        if (json)
        {
            Terminal.Line(AnalysisJson.Of(runs.Count, report));
        }
        else
        {
            FindingsView.Write(terminal.Out, runs.Count, report);
        }

        var isInconclusive = report.Findings.Count > 0 && report.Findings.All(found => found.Finding.Grade == FindingGrade.Inconclusive);
        return report.Failures.Count > 0 ? ExitCodes.Failed : isInconclusive ? ExitCodes.Inconclusive : ExitCodes.Ok;
    }
}
