using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>Submits one run: its server with worker hosts.</summary>
/// <param name="submission">Writes and submits.</param>
/// <param name="run">What the run is given.</param>
/// <param name="output">The folder of all runs.</param>
/// <param name="hasReport">Whether the report is written at the end.</param>
internal sealed class RunLaunch(Submission submission, RunOptions run, string output, bool hasReport)
{
    /// <summary>The transport of runs whose hosts may be on other machines.</summary>
    public const string Transport = "tcp";

    private const string PipelineName = "pipeline.json";

    // Hosts may wait for their server as long as it waits for its turn.
    private const int WaitSeconds = 86_400;

    /// <summary>Submits it, or says what would be submitted.</summary>
    /// <returns>The exit code.</returns>
    public int Submit(ResolvedPipeline pipeline, bool isDry)
    {
        var (hosts, cpus) = (run.Hosts.Count ?? 1, submission.Launcher.Terms.Cpus);
        return submission.Submit(
            pipeline.Name,
            null,
            folder => new LaunchRequest(pipeline.Name, folder.FullPath, Environment.CurrentDirectory, 1, submission.Command(Server(folder)))
            {
                Hosts = hosts,
                HostCommand = submission.Command(Host(folder, cpus)),
            },
            [new LaunchFile(PipelineName, pipeline.Json + "\n")],
            string.Create(CultureInfo.InvariantCulture, $"{pipeline.Name} {pipeline.Id}, a server and {hosts} worker hosts of {cpus} threads"),
            isDry);
    }

    /// <summary>The pipeline of a launched run.</summary>
    public static string PipelineOf(LaunchFolder folder) => Path.Combine(folder.FullPath, PipelineName);

    /// <summary>Where a launched run's hosts find its server.</summary>
    public static string RendezvousOf(LaunchFolder folder) => Path.Combine(folder.FullPath, "rendezvous");

    private string[] Server(LaunchFolder folder) =>
    [
        RunTaskVerb.Name, folder.FullPath, CommonOptions.OutputName, Path.GetFullPath(output), .. CheckpointOptions.Arguments(run.Checkpoints),
        .. hasReport ? [] : new[] { SweepTaskVerb.NoReportName }, .. run.Hosts.Forwarded,
    ];

    private string[] Host(LaunchFolder folder, int cpus) =>
    [
        "worker", "--rendezvous", RendezvousOf(folder), "--wait", WaitSeconds.ToString(CultureInfo.InvariantCulture), "--threads", cpus.ToString(CultureInfo.InvariantCulture),
        .. run.Hosts.Forwarded,
    ];
}
