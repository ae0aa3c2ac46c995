using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Host;

/// <summary><c>replay RUN</c>: again, exactly.</summary>
internal sealed class ReplayVerb(Terminal terminal, Signals signals) : IVerb
{
    private const string OwnTransport = "in-process";

    public Command Build()
    {
        var id = new Argument<string>("run") { Description = "The run's id, the beginning of it, id-attempt, or its folder." };
        var threads = CommonOptions.Threads("Compute threads, 1 to 1024. Changes no result.");
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Shows no progress." };
        var command = new Command("replay", "Runs a recorded run again, on the wall clock too: the same pulls and arrivals in the same order on the same batches. Compares every recorded\n"
            + "value and the final parameters bit for bit, and names the first that differs.\n\n"
            + "Examples:\n"
            + "  orchestrator replay 3f2a\n"
            + "  orchestrator replay runs/quickstart/3f2a5c81d0e7-1 --json\n\n"
            + "Exit codes: 0 everything is the same, 1 something differs, 2 something differs and so does the program or its kernels, 64 the run cannot be replayed, 130 it was interrupted.")
        {
            id, threads, output, data, plugins, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var run = ReplayTerms.Find(parsed.GetValue(output)!, parsed.GetValue(id)!);
            var (folders, cores) = (PluginFolders.Data(parsed.GetValue(data)), parsed.GetValue(threads));
            var catalog = PipelineLoading.Catalog(parsed.GetValue(plugins)!, terminal);
            var pipeline = Pipeline.Load(Resumption.PipelineOf(run), catalog, new PipelineRequest(folders) { Cores = cores }).OrThrow();
            var report = new Verification(run, pipeline, Transport(catalog), folders, cores).Run(terminal, parsed.GetValue(quiet), signals.Stop);
            if (parsed.GetValue(json))
            {
                Terminal.Line(ReplayView.Json(report));
            }
            else
            {
                ReplayView.Write(terminal.Out, report);
            }

            return report.ExitCode;
        });
        return command;
    }

    // Whatever carried the run's work: here it is computed in this process, and no bit depends on it.
    private static ITransport Transport(PluginCatalog catalog) => catalog.Create<ITransport>(
        catalog.Find(PluginKind.Transport, OwnTransport) ?? throw new UserException($"the transport '{OwnTransport}' is missing; it belongs to the program's own plugins."));
}
