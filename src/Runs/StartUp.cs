using System.Diagnostics;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// What the time from the start of the process to the first push goes into. Each phase is told when
/// it has ended.
/// </summary>
/// <param name="processAge">
/// Time since the start of the process, ms. Asked for when the run has ended: to know it takes
/// longer than some of what is measured.
/// </param>
public sealed class StartUp(Func<double> processAge)
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private long plugins;
    private long pipeline;
    private long data;

    /// <summary>The plugin folders have been read.</summary>
    public void PluginsRead() => plugins = Stopwatch.GetTimestamp();

    /// <summary>The pipeline has no mistakes.</summary>
    public void PipelineChecked() => pipeline = Stopwatch.GetTimestamp();

    /// <summary>The data set is in memory.</summary>
    public void DataLoaded() => data = Stopwatch.GetTimestamp();

    /// <summary>The times; null when no push has arrived.</summary>
    public StartUpTimes? Times(RunProgress progress) => progress.FirstArrival is { } nanoseconds
        ? new StartUpTimes(
            Math.Round(Math.Max(0, processAge() - Stopwatch.GetElapsedTime(begun).TotalMilliseconds), 1), Between(begun, plugins), Between(plugins, pipeline), Between(pipeline, data),
            Between(data, (long)(nanoseconds * 1e-9 * Stopwatch.Frequency)))
        : null;

    private static double Between(long from, long to) => Math.Round(Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalMilliseconds), 1);
}
