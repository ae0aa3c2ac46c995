namespace Orchestrator.Engine;

/// <summary>When the server's parameters are kept: at the first update at or past each mark.</summary>
/// <param name="EveryEpochs">Distance between marks, in epochs.</param>
/// <param name="EveryUpdates">Distance between marks, in updates.</param>
public sealed record SnapshotPlan(double? EveryEpochs, long? EveryUpdates)
{
    /// <summary>Whether a mark lies between two points of a run.</summary>
    internal bool IsDue((long Version, double Epoch) before, (long Version, double Epoch) now) =>
        (EveryUpdates is { } updates && now.Version / updates > before.Version / updates)
        || (EveryEpochs is { } epochs && Marks.Passed(now.Epoch, epochs) > Marks.Passed(before.Epoch, epochs));
}

/// <summary>Takes the server's parameters at marks; may neither change nor keep them.</summary>
public interface ISnapshots
{
    /// <summary>Called by whoever is the server, which waits.</summary>
    /// <param name="version">Updates so far.</param>
    /// <param name="parameters">Parameters, then buffers.</param>
    void Take(long version, ReadOnlySpan<float> parameters);
}
