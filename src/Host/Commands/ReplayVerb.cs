using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

using Orchestrator.Runs;
namespace Orchestrator.Host;

/// <summary><c>replay RUN</c>: again, exactly; with <c>--set</c>, another rule on the same schedule.</summary>
internal sealed class ReplayVerb(Terminal terminal, Signals signals, StartUp startUp) : IVerb
{
    public Command Build()
    {
        var id = CommonOptions.Run("run");
        var set = CommonOptions.Set();
        set.Description = "Changes the update rule, PATH=VALUE; repeatable. optimizer... and workers.rule may change. Example: --set optimizer.type=dana-zero";
        var threads = CommonOptions.Threads("Compute threads, 1 to 1024. Changes no result.");
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie, and are made.";
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Shows no progress." };
        var command = new Command("replay", "Runs a recorded run again, one on the wall clock too: the same pulls and arrivals in the same order on the same batches. It compares every recorded value\n"
            + "and the final parameters bit for bit and names the first that differs. With --set, asks what another rule makes of the same schedule: a new run folder, beside the recorded run.\n\n"
            + "Examples:\n"
            + "  orchestrator replay 3f2a\n"
            + "  orchestrator replay runs/quickstart/3f2a5c81d0e7-1 --json\n"
            + "  orchestrator replay 3f2a --set optimizer.type=dana-zero --set optimizer.momentum=0.9\n\n"
            + "Exit codes: 0 everything is the same, or the run with --set ended; 1 something differs, or that run failed; 2 something differs and so does the program or its kernels, or a plugin is not what it was; 64 the run cannot be "
            + "replayed; 130 it was interrupted.")
        {
            id, set, threads, output, data, plugins, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var run = ReplayTerms.Find(parsed.GetValue(output)!, parsed.GetValue(id)!);
            var work = new Work(
                run, PluginFolders.Read(parsed.GetValue(plugins)!, terminal), PluginFolders.Data(parsed.GetValue(data)), parsed.GetValue(threads), parsed.GetValue(json), parsed.GetValue(quiet));
            return parsed.GetValue(set) is { Length: > 0 } sets ? Change(work, sets, parsed.GetValue(output)!) : Verify(work);
        });
        return command;
    }

    private int Verify(Work work)
    {
        var report = new Verification(work.Run, work.Load([]).OrThrow(), OwnTransport.Create(work.Catalog), work.Folders, work.Cores).Run(work.Console(terminal), signals.Stop);
        if (work.IsJson)
        {
            Terminal.Line(ReplayView.Json(report));
        }
        else
        {
            ReplayView.Write(terminal.Out, report);
        }

        return report.Verdict switch
        {
            "exact" => ExitCodes.Ok,
            "interrupted" => ExitCodes.Cancelled,
            "inconclusive" => ExitCodes.Inconclusive,
            _ => ExitCodes.Failed,
        };
    }

    private int Change(Work work, string[] sets, string output)
    {
        startUp.PluginsRead();
        var changed = Counterfactual.Pipeline(work.Run, work.Load([]).OrThrow(), sets, work.Load, pipeline => ScheduleCheck.Run(pipeline, work.Catalog, work.Folders));
        startUp.PipelineChecked();
        var session = new RunSession(changed, work.Folders, work.Cores, new CheckpointRule(CheckpointRule.DefaultSeconds, null), null, HostSettings.None, startUp);
        var now = session.Start(output, work.Console(terminal), signals.Stop);
        var before = RunReader.Summarize(work.Run, [])!;
        var comparison = RunComparison.Of(work.Run.Folder, now.Folder);
        var warnings = Counterfactual.Warnings(work.Run, RunReader.Read(now.Folder)!);
        foreach (var warning in warnings)
        {
            terminal.Warn(warning);
        }

        if (work.IsJson)
        {
            Terminal.Line(ComparisonView.Json(before, now, comparison, warnings));
        }
        else
        {
            SummaryView.Write(terminal.Out, now, session.Remarks);
            ComparisonView.Write(terminal.Out, before, now, comparison);
        }

        return RunVerb.ExitCode(now);
    }

    private sealed record Work(RunEntry Run, PluginCatalog Catalog, DataFolders Folders, int Cores, bool IsJson, bool IsQuiet)
    {
        public RunConsole Console(Terminal terminal) => new(terminal, showsProgress: !IsQuiet);

        /// <summary>The recorded run's pipeline. A schedule that it follows is not looked for: it is in the run's own log too.</summary>
        public PipelineResult Load(string[] sets) => Pipeline.Load(Resumption.PipelineOf(Run), Catalog, new PipelineRequest(Folders) { Cores = Cores, Sets = sets });
    }
}
