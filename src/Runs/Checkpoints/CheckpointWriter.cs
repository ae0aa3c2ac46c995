using System.Diagnostics;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>Writes a run's checkpoints into its folder.</summary>
/// <param name="rule">When.</param>
/// <param name="folder">Where.</param>
/// <param name="recorder">Flushed before each, so that the record never lags behind the
/// state.</param>
/// <param name="earlierSeconds">Real time that earlier processes spent on the run, s.</param>
internal sealed class CheckpointWriter(CheckpointRule rule, CheckpointFolder folder, Recorder recorder, double earlierSeconds) : ICheckpoints
{
    private readonly Stopwatch elapsed = Stopwatch.StartNew();
    private double nextSeconds = rule.Seconds ?? double.PositiveInfinity;

    /// <summary>The server's version at the last one.</summary>
    public long LastVersion { get; private set; }

    /// <summary>Checkpoints written.</summary>
    public int Written { get; private set; }

    /// <summary>Real time that they took, s.</summary>
    public double Cost { get; private set; }

    /// <summary>Real time of the run so far, earlier processes included, s.</summary>
    public double Seconds => earlierSeconds + elapsed.Elapsed.TotalSeconds;

    public bool IsDue(long version) => (rule.Updates is { } updates && version - LastVersion >= updates) || elapsed.Elapsed.TotalSeconds >= nextSeconds;

    public void Write(long version, Action<Stream> state)
    {
        var started = elapsed.Elapsed.TotalSeconds;
        folder.Write(new CheckpointHeader(version, Seconds, recorder.Flush()), state);
        var now = elapsed.Elapsed.TotalSeconds;
        var pause = rule.Seconds ?? double.PositiveInfinity;
        (LastVersion, nextSeconds) = (version, now + (rule.IsSparing ? Math.Max(pause, (now - started) / CheckpointRule.LargestShare) : pause));
        (Written, Cost) = (Written + 1, Cost + now - started);
    }
}
