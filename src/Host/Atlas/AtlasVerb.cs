using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Reports;
using Orchestrator.Runs;
using Orchestrator.Sweeps;
using Orchestrator.Testing;

namespace Orchestrator.Host;

/// <summary><c>atlas</c>: many rules in many environments, and a rule of one's own among them.</summary>
internal sealed class AtlasVerb(Terminal terminal, IHostApplicationLifetime lifetime, CheckpointRequests checkpoints, PluginFolders folders, ReportsAtEnd reports, ILogger<RunSession> logger) : IVerb
{
    private const string Shipped = "atlas";

    public Command Build()
    {
        var file = ShippedPipelines.OrFile(ArgumentArity.ZeroOrOne);
        file.Description = "The atlas: a sweep that compares rules, in a JSON file or by the name of one that comes with the program; 'atlas' when it is not given.";
        file.DefaultValueFactory = _ => Shipped;
        var with = new Option<string[]>(NewRule.Option)
        {
            Description = "A rule to put to the field, an optimizer or a correction: its name, or an object with its type and options. Its contract suite comes first. Where both kinds have a plugin of that name, optimizer:NAME or correction:NAME says which.",
            HelpName = "rule",
            DefaultValueFactory = _ => [],
        };
        var figures = new Option<string?>("--figures") { Description = "Also writes figures for a paper into this folder: SVG that converts to PDF, and captions.md.", HelpName = "dir" }.ThatNames(NameRules.Folder);
        var (set, sweeps) = (CommonOptions.Set(), new SweepOptions(hasThreads: false));
        var (output, data, plugins, json) = (CommonOptions.Output(), CommonOptions.Data(), CommonOptions.Plugins(), CommonOptions.Json());
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Shows no progress." };
        var command = new Command(
            "atlas",
            "Ranks update rules over environments: a table with the rank of each, its interval and its share of runs without convergence, a report with the picture, and\n"
            + "the paragraph for a paper. What came with the program, or lies in your ledgers, counts; only what is missing is run, and an interruption costs time only.\n\n"
            + "Examples:\n"
            + "  orchestrator atlas\n"
            + "  orchestrator atlas --dry-run\n"
            + "  orchestrator atlas --with half-step --plugins HalfStep/bin/Release/net10.0\n"
            + "  orchestrator atlas --with '{\"type\": \"half-step\", \"momentum\": 0.5}' --plugins plugins --figures paper/figures\n\n"
            + "Exit codes: 0 all runs ended; 1 one failed, or the rule breaks its contract; 64 the rule, the file or an argument is wrong; 130 interrupted.")
        {
            file, with, set, output, data, plugins, figures, json, quiet,
        };
        sweeps.AddTo(command);
        command.SetAction(parsed =>
        {
            var dataFolders = folders.Data(parsed.GetValue(data));
            var catalog = folders.Read(parsed.GetValue(plugins)!);
            var rule = parsed.GetValue(with)! switch
            {
                [] => null,
                [var text] => NewRule.Find(catalog, text),
                _ => throw new UserException($"{NewRule.Option}: one rule is put to the field at a time; several are variants of its axis in a file of your own, such as a copy of {ShippedPipelines.PathOf(Shipped)}."),
            };
            var asked = sweeps.Over(new PipelineRequest(dataFolders) { Sets = parsed.GetValue(set)!, Cores = 1 }, parsed);
            var path = ShippedPipelines.PathOf(parsed.GetValue(file)!);
            var template = PipelineTemplate.Read(path, catalog, asked, out var mistakes);
            if (template is null || (template.Sweep is null && mistakes.Count > 0))
            {
                throw RunRefusedException.Of(mistakes);
            }

            var axis = AxisOf(template, parsed.GetValue(file)!);
            var planned = new SweepPlanner(template, asked).Plan(mistakes);
            if (rule is not null)
            {
                rule = rule.In(template.Sweep!.Axes, axis);
                asked = asked with { Sets = [.. asked.Sets, $"sweep.axes[\"{axis}\"].variants[\"{rule.Label}\"]={rule.Variant.ToJsonString()}", $"sweep.compare.baseline={rule.Label}"] };
                template = PipelineTemplate.Read(path, catalog, asked, out mistakes)!;
                planned = rule.Blamed(new SweepPlanner(template, asked).Plan(mistakes), planned.Mistakes);
            }

            var plan = planned.OrThrow();
            var put = rule is null ? [] : CellsOf(rule, plan, axis);
            if (rule is not null && put.Count == 0)
            {
                throw new UserException($"--where: leaves {rule.Label} out, which is to be ranked; '--where {axis}={rule.Label},...' keeps it.");
            }

            if (SweepField.Never(plan) is { } reason)
            {
                throw new UserException($"{parsed.GetValue(file)}: there can be no ranks: {reason}.");
            }

            var request = sweeps.Read(parsed) with { Given = Given(), TriedEach = put.Select(cell => cell.Key).ToHashSet() };
            var promises = rule is null || request.IsDry ? [] : Promises(rule, put[0], catalog);
            if (promises.Any(promise => promise.Broken is not null))
            {
                var refusal = $"{rule!.Label} breaks its contract, so it is not put to the field.";
                if (parsed.GetValue(json))
                {
                    Terminal.Line(AtlasView.Broken(promises, refusal).ToJsonString());
                }

                terminal.Fail(refusal);
                return ExitCodes.Failed;
            }

            var options = new RunOptions(dataFolders)
            {
                Cores = 1,
                Checkpoints = new CheckpointRule(CheckpointRule.DefaultSeconds, null, IsSparing: true),
                Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
                Console = new RunConsole(terminal, logger, showsProgress: false),
                HostStarter = new HostProcesses(OwnProgram.Command),
                CheckpointRequests = checkpoints,
            };
            return new SweepCommand(terminal, catalog, request, options, parsed.GetValue(output)!, HostOptions.Forwarded(parsed.GetValue(data), parsed.GetValue(plugins)!))
            {
                IsQuiet = parsed.GetValue(quiet),
                IsJson = parsed.GetValue(json),
                Reports = reports,
                View = new AtlasView(terminal, parsed.GetValue(figures) is { } folder ? new FigureFolder(folder) : null, promises),
            }.Run(template, mistakes, asked, lifetime.ApplicationStopping);
        });
        return command;
    }

    private static string AxisOf(PipelineTemplate template, string file)
    {
        var axes = (template.Sweep?.Axes ?? new Dictionary<string, AxisSettings>()).Where(axis => axis.Value.Variants is not null).Select(axis => axis.Key).ToList();
        var named = template.Sweep?.Compare.Axis;
        return (named is null ? axes is [var only] ? only : null : axes.Contains(named) ? named : null)
            ?? throw new UserException($"{file} is no atlas: it has no sweep that compares along an axis with variants (sweep.compare.axis).");
    }

    /// <summary>The rows that came with the program.</summary>
    private IReadOnlyDictionary<string, CompletedRun> Given()
    {
        var problems = new List<string>();
        var rows = Ledger.Read(Path.Combine(AppContext.BaseDirectory, "results"), null, problems);
        problems.ForEach(terminal.Warn);
        return rows;
    }

    private static IReadOnlyList<Cell> CellsOf(NewRule rule, SweepPlan plan, string axis)
    {
        var at = plan.Axes.ToList().FindIndex(one => one.Name == axis);
        return [.. plan.Cells.Where(cell => cell.Values[at].Text == rule.Label)];
    }

    // With the options of the cells that it will run in.
    private IReadOnlyList<Promise> Promises(NewRule rule, Cell cell, PluginCatalog catalog)
    {
        terminal.Note($"Contract of {rule.Label} ...");
        var optimizer = cell.Pipeline.Optimizer;
        List<(string Name, IReadOnlyList<Promise> Promises)> parts =
        [
            .. rule.Kind == PluginKind.Optimizer ? [(rule.Name, RuleSuite.Of(() => optimizer.Rule.Create<IOptimizer>()))] : Array.Empty<(string, IReadOnlyList<Promise>)>(),
            .. optimizer.Corrections.Select(correction => (correction.Name, OfCorrection(correction, catalog))),
        ];
        List<Promise> promises = [.. parts.SelectMany(part => part.Promises.Select(promise => parts.Count == 1 ? promise : promise with { Name = $"{part.Name}: {promise.Name}" }))];
        var (broken, skipped) = (promises.Where(p => p.Broken is not null).ToList(), promises.Count(p => p.Skipped is not null));
        terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Contract of {rule.Label}: {promises.Count - broken.Count - skipped} promises kept, {broken.Count} broken, {skipped} do not apply."));
        foreach (var promise in broken)
        {
            terminal.Warn($"{promise.Name}: {promise.Broken}");
        }

        return promises;
    }

    // Options can turn a correction off, which breaks no promise: with its defaults it acts.
    private static IReadOnlyList<Promise> OfCorrection(PluginSection correction, PluginCatalog catalog)
    {
        const string Acts = nameof(CorrectionContract.Correct_OfStaleGradients_ChangesThem);
        var promises = RuleSuite.Of(() => correction.Create<ICorrection>());
        return promises.Any(promise => promise is { Name: Acts, Broken: not null })
            && RuleSuite.Of(() => catalog.Create<ICorrection>(correction.Plugin)).Any(promise => promise is { Name: Acts, Broken: null })
                ? [.. promises.Select(promise => promise.Name == Acts ? promise with { Broken = null, Skipped = "With these options it changes nothing." } : promise)]
                : promises;
    }
}
