using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runs;
using Orchestrator.Sweeps;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// <c>sweep status</c>, <c>sweep why</c>, <c>sweep verify</c>: what a sweep has come to.
/// </summary>
internal sealed class SweepVerb(Terminal terminal, IHostApplicationLifetime lifetime, PluginFolders folders) : IVerb
{
    public Command Build() => new("sweep", "Says where a sweep is, why a cell is as it is, and runs parts of it again. 'orchestrator run FILE' runs one.\n\n"
        + "Examples:\n"
        + "  orchestrator sweep status\n"
        + "  orchestrator sweep why optimizer.momentum=0.9 workers.count=8\n"
        + "  orchestrator sweep verify my.json --sample 5%")
    {
        BuildStatus(),
        BuildWhy(),
        new VerifySweep(terminal, lifetime, new SweepOperand(terminal, folders)).Build(),
    };

    private Command BuildStatus()
    {
        var (operand, sweep, json) = (new SweepOperand(terminal, folders), SweepOperand.Argument(), CommonOptions.Json());
        sweep.Description = "The sweep: its folder, its id or the beginning of it, its pipeline's name, or its pipeline's file. All when it is not given.";
        var command = new Command("status", "Says what of a sweep is done, what failed and why, and who runs what now; of all sweeps, one line each, when none is named. Changes nothing.\n\n"
            + "Examples:\n  orchestrator sweep status\n  orchestrator sweep status my.json --json") { sweep };
        operand.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var sweeps = parsed.GetValue(sweep) is { } text ? [operand.Find(parsed, text)] : operand.All(parsed);
            var looks = sweeps.ConvertAll(found => (found, SweepStatus.Of(found.Plan, found.Folder, found.Results)));
            if (parsed.GetValue(json))
            {
                Terminal.Line(SweepStatusView.Json(looks));
            }
            else if (looks.Count == 0)
            {
                terminal.Out.WriteLine($"No sweeps in {Path.GetFullPath(operand.Output(parsed))}.");
            }
            else
            {
                SweepStatusView.Write(terminal, looks, isWhole: parsed.GetValue(sweep) is not null);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildWhy()
    {
        var (operand, json) = (new SweepOperand(terminal, folders), CommonOptions.Json());
        var cell = new Argument<string[]>("cell")
        {
            Description = "The cell: AXIS=VALUE, as many as tell it apart; its number from 1; or the beginning of its key or of the key of one of its runs.",
            Arity = ArgumentArity.OneOrMore,
        }.ThatNames("cell");
        var sweep = new Option<string?>("--sweep")
        {
            Description = "The sweep: its folder, its id or the beginning of it, its pipeline's name, or its pipeline's file. The newest when it is not given.",
            HelpName = "sweep",
        }.ThatNames("sweep");
        var command = new Command("why", "Says of every run of a cell how it stands and why: where its result comes from and whether it counts, who has it, of what it failed, who tried before.\n\n"
            + "Examples:\n  orchestrator sweep why optimizer.momentum=0.9 workers.count=8\n  orchestrator sweep why 3 --sweep my.json") { cell, sweep };
        operand.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var found = operand.Find(parsed, parsed.GetValue(sweep));
            var which = CellSearch.Find(found.Plan, parsed.GetValue(cell)!);
            var histories = RunHistory.Of(found.Plan, which, found.Folder, found.Results);
            if (parsed.GetValue(json))
            {
                Terminal.Line(CellView.Json(found, which, histories));
            }
            else
            {
                CellView.Write(terminal, found, which, histories);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
