using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>verify RUN</c>: runs it again and compares every number.</summary>
internal sealed class VerifyVerb(Terminal terminal, IHostApplicationLifetime lifetime, RecordedRunOptions options) : IVerb
{
    public Command Build()
    {
        var command = new Command("verify", "Runs a recorded run again, one on the wall clock too: the same pulls and arrivals in the same order on the same batches. Compares every recorded value,\n"
            + "the final parameters and the digest bit for bit, and names the first that differs. On any machine: results do not depend on the processor.\n\n"
            + "Examples:\n"
            + "  orchestrator verify 3f2a\n"
            + "  orchestrator verify runs/quickstart/3f2a5c81d0e7-1 --json\n\n"
            + "Exit codes: 0 everything is the same; 1 something differs; 2 something differs and so does the program or its kernels, or a plugin is not what it was; 64 the run cannot be run again; 130 it was interrupted.");
        options.AddTo(command, "Where run folders lie.");
        command.SetAction(parsed =>
        {
            if (options.Query(parsed).EndsWith(".html", StringComparison.OrdinalIgnoreCase))
            {
                throw new RunRefusedException(
                    $"run: '{options.Query(parsed)}' is a page, and pages do not hold what can be run again; allowed: a run's id, the beginning of it, id-attempt, or its folder.");
            }

            return Verify(options.Find(parsed), options.IsJson(parsed));
        });
        return command;
    }

    private int Verify(Replay replay, bool isJson)
    {
        var report = replay.Verify(lifetime.ApplicationStopping);
        if (isJson)
        {
            Terminal.Line(VerificationView.Json(report));
        }
        else
        {
            VerificationView.Write(terminal.Out, report);
        }

        return report.Verdict switch
        {
            "exact" => ExitCodes.Ok,
            "interrupted" => ExitCodes.Cancelled,
            "inconclusive" => ExitCodes.Inconclusive,
            _ => ExitCodes.Failed,
        };
    }
}
