using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;

using Orchestrator.Runs;
namespace Orchestrator.Host;

/// <summary><c>worker --server ADDRESS</c>: carries workers of a run that another process serves.</summary>
internal sealed class WorkerVerb(Terminal terminal, Signals signals) : IVerb
{
    public Command Build()
    {
        var server = new Option<string>("--server", "-s")
        {
            Description = "Where the run is: HOST:PORT (tcp) or shm:NAME (shared-memory), as the run says.",
            HelpName = "address",
            Required = true,
        }.ThatNames("address");
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "The token file that the run wrote; not needed for a run of yours on this machine.",
            HelpName = "file",
        }.ThatNames("file");
        var threads = CommonOptions.Threads("Compute threads, 1 to 1024.");
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var command = new Command("worker", "Joins a run and computes for it until the run is over. Pipeline and seed come from the run; data is loaded from this machine.\n\n"
            + "Examples:\n"
            + "  orchestrator worker --server 127.0.0.1:5151\n"
            + "  orchestrator worker --server 192.168.1.5:5151 --token-file run.token --threads 8\n\n"
            + "Exit codes: 0 the run is over, 1 the run was lost or refused this host, 64 an argument is wrong, 130 it was told to leave.")
        {
            server, tokenFile, threads, data, plugins,
        };
        command.SetAction(parsed => Work(
            new JoinRequest(parsed.GetValue(server)!, parsed.GetValue(tokenFile), parsed.GetValue(threads)),
            PluginFolders.Data(parsed.GetValue(data)),
            parsed.GetValue(plugins)!));
        return command;
    }

    private int Work(JoinRequest request, DataFolders folders, string[] plugins)
    {
        var catalog = PluginFolders.Read(plugins, terminal);
        var name = request.Address.StartsWith("shm:", StringComparison.Ordinal) ? "shared-memory" : "tcp";
        var plugin = catalog.Find(PluginKind.Transport, name) ?? throw new UserException($"the transport '{name}' is missing; it belongs to the program's own plugins.");
        using var joining = catalog.Create<ITransport>(plugin).Join(request);
        var pipeline = PipelineLoading.Parse(joining.Session.Document, catalog, folders, request.Cores).OrThrow();
        var experiment = ExperimentBuilder.Build(pipeline, folders, request.Cores);
        var link = joining.Begin(SessionFacts.Describe(pipeline, experiment).Facts);
        terminal.Note($"{pipeline.Name} {pipeline.Id} at {request.Address}: joined with {request.Cores} threads.");
        using (var watch = HostWatch.Start(joining.Session.Run, pipeline.Name, new RunConsole(terminal, showsProgress: false)))
        {
            HostedWorkers.Run(experiment, link, request.Cores, watch?.Traces, signals.Stop);
        }

        if (signals.Stop.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }

        return link.Fault is { } fault
            ? throw new TransportException($"{request.Address}: {fault}")
            : ExitCodes.Ok;
    }
}
