using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// <c>worker --server ADDRESS</c>: carries workers of a run that another process serves.
/// </summary>
internal sealed class WorkerVerb(Terminal terminal, IHostApplicationLifetime lifetime, PluginFolders folders, ILogger<RunSession> logger) : IVerb
{
    private const string Variable = SettingsFile.Prefix + "RENDEZVOUS";

    public Command Build()
    {
        var server = new Option<string?>("--server", "-s")
        {
            Description = "Where the run is: HOST:PORT (tcp) or shm:NAME (shared-memory), as the run says.",
            HelpName = "address",
        }.ThatNames("address");
        var rendezvous = HostOptions.Rendezvous("The file in which the run says where it is ('run --rendezvous'), instead of --server and --token-file. Also: the environment variable ORCHESTRATOR_RENDEZVOUS.");
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "The token file that the run wrote; not needed for a run of yours on this machine.",
            HelpName = "file",
        }.ThatNames("file");
        var wait = new Option<int>("--wait")
        {
            Description = "How long to wait for the run, and for its token file, to be there, in seconds; 0 does not wait.",
            HelpName = "seconds",
            DefaultValueFactory = _ => 60,
        }.Within("a number of seconds", 0, 86_400);
        var threads = CommonOptions.Threads("Compute threads, 1 to 1024.");
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var command = new Command("worker", "Joins a run and computes for it until the run is over. Pipeline and seed come from the run; data is loaded from this machine.\n\n"
            + "Examples:\n"
            + "  orchestrator worker --server 127.0.0.1:5151\n"
            + "  orchestrator worker --server 192.168.1.5:5151 --token-file run.token --threads 8\n"
            + "  orchestrator worker --rendezvous /shared/my.meet --wait 3600\n\n"
            + "Exit codes: 0 the run is over, 1 the run was lost or refused this host, 64 an argument is wrong, 130 it was told to leave.")
        {
            server, rendezvous, tokenFile, wait, threads, data, plugins,
        };
        command.SetAction(parsed => Work(
            Place(parsed.GetValue(server), parsed.GetValue(rendezvous), parsed.GetValue(tokenFile), parsed.GetValue(threads)),
            TimeSpan.FromSeconds(parsed.GetValue(wait)),
            folders.Data(parsed.GetValue(data)),
            parsed.GetValue(plugins)!));
        return command;
    }

    // Either is said, or the variable is set.
    private static Func<JoinRequest?> Place(string? server, string? rendezvous, string? tokenFile, int threads)
    {
        if (server is not null)
        {
            return rendezvous is null ? () => new JoinRequest(server, tokenFile, threads) : throw new UserException("--server and --rendezvous both say where the run is; give one.");
        }

        var file = rendezvous ?? Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrWhiteSpace(file)
            ? throw new UserException($"where is the run? --server ADDRESS as it says it, --rendezvous FILE, or the variable {Variable}.")
            : () => Rendezvous.Read(file) is { } found ? new JoinRequest(found.Address, tokenFile ?? found.TokenFile, threads) : null;
    }

    private int Work(Func<JoinRequest?> place, TimeSpan wait, DataFolders dataFolders, string[] plugins)
    {
        var options = new RunOptions(dataFolders)
        {
            Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
            Console = new RunConsole(terminal, logger, showsProgress: false),
        };
        new HostSession(folders.Read(plugins), options).Work(place, wait, lifetime.ApplicationStopping);
        return lifetime.ApplicationStopping.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Ok;
    }
}
