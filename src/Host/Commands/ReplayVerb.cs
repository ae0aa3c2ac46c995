using System.CommandLine;
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
            var run = Replay.Find(parsed.GetValue(output)!, parsed.GetValue(id)!);
            var replay = new Replay(run, PluginFolders.Read(parsed.GetValue(plugins)!, terminal), new RunOptions(PluginFolders.Data(parsed.GetValue(data)))
            {
                Cores = parsed.GetValue(threads),
                Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
                Console = new RunConsole(terminal, showsProgress: !parsed.GetValue(quiet)),
                StartUp = startUp,
            });
            return parsed.GetValue(set) is { Length: > 0 } sets
                ? Change(replay, sets, parsed.GetValue(output)!, parsed.GetValue(json))
                : Verify(replay, parsed.GetValue(json));
        });
        return command;
    }

    private int Verify(Replay replay, bool isJson)
    {
        var report = replay.Verify(signals.Stop);
        if (isJson)
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

    private int Change(Replay replay, string[] sets, string output, bool isJson)
    {
        var (run, before, comparison, warnings) = replay.Change(sets, output, signals.Stop);
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
            SummaryView.Write(terminal.Out, run);
            ComparisonView.Write(terminal.Out, before, run, comparison);
        }

        return RunVerb.ExitCode(run);
    }
}
