using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Composition;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>replay RUN --set ...</c>: another rule on the same schedule.</summary>
internal sealed class ReplayVerb(Terminal terminal, IHostApplicationLifetime lifetime, RecordedRunOptions options, ReportsAtEnd reports) : IVerb
{
    public Command Build()
    {
        var set = CommonOptions.Set();
        set.Description = "Changes the update rule, PATH=VALUE; repeatable. optimizer... and workers.rule may change. Example: --set optimizer.type=dana-zero";
        var noReport = ReportsAtEnd.None();
        var command = new Command("replay", "Asks what another update rule makes of a recorded run's schedule: the same pulls and arrivals in the same order on the same batches, a new run folder\n"
            + "beside the recorded run, and both side by side. To run it again as it was and compare every value: 'orchestrator verify RUN'.\n\n"
            + "Examples:\n"
            + "  orchestrator replay 3f2a --set optimizer.type=dana-zero --set optimizer.momentum=0.9\n"
            + "  orchestrator replay runs/quickstart/3f2a5c81d0e7-1 --set 'optimizer.corrections=[\"gap-aware\"]' --json\n\n"
            + "Exit codes: 0 the run ended; 1 it failed; 64 the run cannot be replayed, or something else would change; 130 it was interrupted.")
        {
            set, noReport,
        };
        options.AddTo(command, "Where run folders lie, and are made.");
        command.SetAction(parsed => parsed.GetValue(set) is { Length: > 0 } sets
            ? Change(options.Find(parsed), sets, options.Output(parsed), options.Catalog(parsed), options.IsJson(parsed), !parsed.GetValue(noReport))
            : throw new RunRefusedException($"--set is missing: it says what is to change. 'orchestrator verify {options.Query(parsed)}' runs it again as it was."));
        return command;
    }

    private int Change(Replay replay, string[] sets, string output, PluginCatalog catalog, bool isJson, bool isReported)
    {
        var (run, before, comparison, warnings) = replay.Change(sets, output, lifetime.ApplicationStopping);
        var findings = FindingsAtEnd.Of(run, catalog);
        run = isReported ? reports.Write(run, findings ?? []) : run;
        foreach (var warning in warnings)
        {
            terminal.Warn(warning);
        }

        if (isJson)
        {
            Terminal.Line(ComparisonView.Json(before, run, comparison, warnings));
        }
        else
        {
            SummaryView.Write(terminal.Out, run, findings);
            ComparisonView.Write(terminal.Out, before, run, comparison);
        }

        return RunVerb.ExitCode(run);
    }
}
