using System.CommandLine;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>What processes that work on a sweep are given, by whoever starts them.</summary>
internal sealed class ClaimantOptions
{
    private readonly Argument<string> sweep = new("sweep");
    private readonly Option<string> output = CommonOptions.Output();
    private readonly Option<string> results = new("--results") { Required = true };
    private readonly Option<double?> lease = NumberOptions.Seconds("--lease", "", SweepOptions.DefaultLease);
    private readonly Option<int> threads = CommonOptions.Threads("");
    private readonly CheckpointOptions checkpoints = new();
    private readonly Option<string?> data = CommonOptions.Data();
    private readonly Option<string[]> plugins = CommonOptions.Plugins();

    /// <summary>As <see cref="AddTo"/> reads them.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="results">Where ledgers lie.</param>
    /// <param name="lease">Time without a sign of life after which a run is taken over.</param>
    /// <param name="run">What each run is given.</param>
    /// <param name="forwarded">Where data and plugins lie.</param>
    public static string[] Arguments(SweepFolder folder, string results, TimeSpan lease, RunOptions run, IReadOnlyList<string> forwarded) =>
    [
        folder.FullPath, "--output", folder.Output, "--results", results, "--threads", FormattableString.Invariant($"{run.Cores}"),
        "--lease", FormattableString.Invariant($"{lease.TotalSeconds}"),
        .. CheckpointOptions.Arguments(run.Checkpoints),
        .. forwarded,
    ];

    /// <summary>All of them, for a command that nobody types.</summary>
    public void AddTo(Command command)
    {
        command.Hidden = true;
        command.Arguments.Add(sweep);
        foreach (var option in (Option[])[output, results, lease, threads, data, plugins])
        {
            command.Options.Add(option);
        }

        checkpoints.AddTo(command);
    }

    public SweepFolder Folder(ParseResult parsed) => new(parsed.GetValue(output)!, parsed.GetValue(sweep)!);

    public string Results(ParseResult parsed) => parsed.GetValue(results)!;

    public TimeSpan Lease(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(lease)!.Value);

    /// <summary>The sweep as its folder has it, whose files are as they were.</summary>
    public SweepPlan Plan(ParseResult parsed, PluginFolders folders) =>
        StoredPlan.ReadToRun(Folder(parsed), Catalog(parsed, folders), new PipelineRequest(folders.Data(parsed.GetValue(data))) { Cores = parsed.GetValue(threads) });

    /// <summary>Where plugins are.</summary>
    public PluginCatalog Catalog(ParseResult parsed, PluginFolders folders) => folders.Read(parsed.GetValue(plugins)!);

    /// <summary>What each run is given.</summary>
    public RunOptions Options(ParseResult parsed, PluginFolders folders, CheckpointRequests requests) => new(folders.Data(parsed.GetValue(data)))
    {
        Cores = parsed.GetValue(threads),
        Checkpoints = checkpoints.Read(parsed),
        Telemetry = new RunTelemetry(Environment.GetEnvironmentVariable),
        CheckpointRequests = requests,
        HostStarter = new HostProcesses(OwnProgram.Command),
    };

    /// <summary>Where data and plugins lie, as arguments again.</summary>
    public IReadOnlyList<string> Forwarded(ParseResult parsed) => HostOptions.Forwarded(parsed.GetValue(data), parsed.GetValue(plugins)!);
}
