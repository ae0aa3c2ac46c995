using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// The server of a launched run: begins it, or goes on with it from its newest checkpoint, however
/// often the task is started.
/// </summary>
internal sealed class RunTaskVerb(Terminal terminal, IHostApplicationLifetime lifetime, CheckpointRequests checkpoints, PluginFolders folders, ReportsAtEnd reports, ILogger<RunSession> logger) : IVerb
{
    public const string Name = "run-task";

    // Names the run folder, once there is one.
    private const string RunName = "run";

    public Command Build()
    {
        var (launch, output, rule, noReport) = (new Argument<string>("launch"), CommonOptions.Output(), new CheckpointOptions(), new Option<bool>(SweepTaskVerb.NoReportName));
        var (data, plugins) = (CommonOptions.Data(), CommonOptions.Plugins());
        var command = new Command(Name, "Serves a run as the task that a launcher has started.") { launch, output, noReport, data, plugins };
        command.Hidden = true;
        rule.AddTo(command);
        command.SetAction(parsed =>
        {
            var (folder, dataFolders) = (new LaunchFolder(parsed.GetValue(launch)!), folders.Data(parsed.GetValue(data)));
            terminal.Note($"Server on {Environment.MachineName}.");
            var catalog = folders.Read(parsed.GetValue(plugins)!);
            var pipeline = PipelineLoading.Load(RunLaunch.PipelineOf(folder), [], catalog, dataFolders, cores: 1).OrThrow();
            var rendezvous = RunLaunch.RendezvousOf(folder);
            var options = new RunOptions(dataFolders)
            {
                Checkpoints = rule.Read(parsed),
                CheckpointRequests = checkpoints,
                Hosts = new HostSettings(0, new MeetingPlace(HostOptions.Anywhere, Rendezvous.TokenOf(rendezvous)), []) { Rendezvous = rendezvous },
                Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
                Console = new RunConsole(terminal, logger, showsProgress: false),
                FolderMade = made => folder.Write(new LaunchFile(RunName, made)),
            };
            var summary = Serve(new RunSession(pipeline, options), Earlier(folder), parsed.GetValue(output)!);
            if (summary is null)
            {
                return ExitCodes.Ok;
            }

            SummaryView.Write(terminal.Out, parsed.GetValue(noReport) ? summary : reports.Write(summary, FindingsAtEnd.Of(summary, catalog) ?? []));
            return RunVerb.ExitCode(summary);
        });
        return command;
    }

    // Null where it had ended before this task began.
    private RunSummary? Serve(RunSession session, RunEntry? earlier, string output)
    {
        if (earlier is { Status: RunStatus.Completed or RunStatus.Diverged })
        {
            terminal.Note($"{earlier.Folder}: it has ended already.");
            return null;
        }

        if (earlier is null || !HasCheckpoint(earlier))
        {
            return session.Start(output, lifetime.ApplicationStopping);
        }

        terminal.Note($"Going on with {earlier.Folder}.");
        return session.Resume(earlier, lifetime.ApplicationStopping);
    }

    private static bool HasCheckpoint(RunEntry run)
    {
        var found = new CheckpointFolder(run.Folder).OpenNewest([]);
        found?.State.Dispose();
        return found is not null;
    }

    private static RunEntry? Earlier(LaunchFolder folder)
    {
        var file = Path.Combine(folder.FullPath, RunName);
        return File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } run ? RunReader.Read(run) : null;
    }
}
