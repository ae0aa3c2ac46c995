using Orchestrator.Abstractions;

namespace Orchestrator.Runs;

/// <summary>
/// What a run is given beside its pipeline. Nothing of it changes a result on the virtual clock.
/// </summary>
/// <param name="Data">Where data sets lie.</param>
public sealed record RunOptions(DataFolders Data)
{
    /// <summary>Compute threads, at least 1; 1 by default.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>When checkpoints are written.</summary>
    public CheckpointRule Checkpoints { get; init; } = CheckpointRule.Default;

    /// <summary>The worker hosts of other processes; for transports that have them.</summary>
    public HostSettings Hosts { get; init; } = HostSettings.None;

    /// <summary>Starts the run's own worker hosts; null where nothing can.</summary>
    public IHostStarter? HostStarter { get; init; }

    /// <summary>What asks for telemetry beside the pipeline.</summary>
    public RunTelemetry Telemetry { get; init; } = RunTelemetry.OfPipelines;

    /// <summary>Where the run says what a person should know; by default nowhere.</summary>
    public IRunConsole Console { get; init; } = SilentConsole.Instance;

    /// <summary>
    /// Data sets that runs of this process share; null reads them for this run alone.
    /// </summary>
    public LoadedData? SharedData { get; init; }

    /// <summary>
    /// Told the full path of the run's folder once it is made, before the first pull; null where
    /// nobody wants to know.
    /// </summary>
    public Action<string>? FolderMade { get; init; }

    /// <summary>
    /// What else <c>run.json</c> says of the run among its options, such as the sweep that it
    /// belongs to.
    /// </summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Asks for checkpoints beside the rule; null where nobody does.</summary>
    public CheckpointRequests? CheckpointRequests { get; init; }

    /// <summary>
    /// Lays something around the run's rules that looks at what they do and changes nothing; null
    /// where nobody looks.
    /// </summary>
    public Func<Engine.UpdateRule, Engine.UpdateRule>? Watch { get; init; }

    /// <summary>
    /// Told when the phases before the first push end; null where nobody wants to know.
    /// </summary>
    public StartUp? StartUp { get; init; }
}
