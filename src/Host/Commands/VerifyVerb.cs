using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>verify RUN|REPORT</c>: runs it again and compares every number.</summary>
internal sealed class VerifyVerb(Terminal terminal, IHostApplicationLifetime lifetime, RecordedRunOptions options) : IVerb
{
    public Command Build()
    {
        var command = new Command("verify", "Runs a recorded run again, one on the wall clock too: the same pulls and arrivals in the same order on the same batches. Compares every recorded value,\n"
            + "the final parameters and the digest bit for bit, and names the first that differs. On any machine: results do not depend on the processor. A report of a run on the virtual clock is enough:\n"
            + "its pipeline is run again, and every number that the page draws is compared, and the digest.\n\n"
            + "Examples:\n"
            + "  orchestrator verify 3f2a\n"
            + "  orchestrator verify runs/quickstart/3f2a5c81d0e7-1 --json\n"
            + "  orchestrator verify report.html\n\n"
            + "Exit codes: 0 everything is the same; 1 something differs; 2 something differs and so does the program or its kernels, or a plugin is not what it was; 64 the run cannot be run again; 130 it was interrupted.");
        options.AddTo(command, "Where run folders lie.");
        command.SetAction(parsed =>
        {
            var isPage = options.Query(parsed).EndsWith(".html", StringComparison.OrdinalIgnoreCase);
            return isPage
                ? new PageVerification(terminal, options.Catalog(parsed), options.Options(parsed)).Run(options.Query(parsed), options.IsJson(parsed), lifetime.ApplicationStopping)
                : Verify(options.Find(parsed), options.IsJson(parsed));
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

        return ExitCode(report.Verdict);
    }

    public static int ExitCode(string verdict) => verdict switch
    {
        "exact" => ExitCodes.Ok,
        "interrupted" => ExitCodes.Cancelled,
        "inconclusive" => ExitCodes.Inconclusive,
        _ => ExitCodes.Failed,
    };
}
