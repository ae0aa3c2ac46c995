using System.CommandLine;
using Microsoft.Extensions.Logging;
using Orchestrator.Composition;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>What the commands that run a recorded run again have in common.</summary>
internal sealed class RecordedRunOptions(Terminal terminal, CheckpointRequests checkpoints, StartUp startUp, PluginFolders folders, ILogger<RunSession> logger)
{
    private readonly Argument<string> id = CommonOptions.Run("run");
    private readonly Option<int> threads = CommonOptions.Threads("Compute threads, 1 to 1024. Changes no result.");
    private readonly Option<string> output = CommonOptions.Output();
    private readonly Option<string?> data = CommonOptions.Data();
    private readonly Option<string[]> plugins = CommonOptions.Plugins();
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Shows no progress." };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="outputIs">What lies in the folder of <c>--output</c>.</param>
    public void AddTo(Command command, string outputIs)
    {
        output.Description = outputIs;
        command.Add(id);
        foreach (var option in (Option[])[threads, output, data, plugins, json, quiet])
        {
            command.Add(option);
        }
    }

    /// <summary>As the user named the run.</summary>
    public string Query(ParseResult parsed) => parsed.GetValue(id)!;

    public string Output(ParseResult parsed) => parsed.GetValue(output)!;

    public bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    /// <exception cref="RunRefusedException">There is no such run, or it cannot be run
    /// again.</exception>
    public Replay Find(ParseResult parsed) => new(Replay.Find(Output(parsed), Query(parsed)), Catalog(parsed), Options(parsed));

    public PluginCatalog Catalog(ParseResult parsed) => folders.Read(parsed.GetValue(plugins)!);

    public RunOptions Options(ParseResult parsed) => new(folders.Data(parsed.GetValue(data)))
    {
        Cores = parsed.GetValue(threads),
        Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
        Console = new RunConsole(terminal, logger, showsProgress: !parsed.GetValue(quiet)),
        HostStarter = new HostProcesses(OwnProgram.Command),
        StartUp = startUp,
        CheckpointRequests = checkpoints,
    };
}
