using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>How a run ended.</summary>
public enum RunEnd
{
    /// <summary>A stop rule was reached.</summary>
    Completed,

    /// <summary>It was told to stop.</summary>
    Interrupted,

    /// <summary>A loss, a gradient or an update was not finite.</summary>
    Diverged,
}

/// <summary>What a run leaves.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Updates">Updates made.</param>
/// <param name="Now">Clock time at the end, ns.</param>
/// <param name="Epoch">Samples of applied pushes / training samples.</param>
/// <param name="Parameters">Parameters, then buffers.</param>
/// <param name="InFlightStaleness">Sum over gradients in flight of (version - version pulled), for
/// the conservation identity.</param>
/// <param name="IdleShare">Share of the run's real time for which the server waited for the
/// earliest gradient with nothing else to compute; 0 on the wall clock.</param>
/// <param name="Remarks">What the clock has to say: timer error, overruns.</param>
public sealed record Outcome(
    RunEnd End, long Updates, long Now, double Epoch, float[] Parameters, long InFlightStaleness, double IdleShare, IReadOnlyList<string> Remarks)
{
    /// <summary>Every worker host that joined, and what it carried.</summary>
    public IReadOnlyList<HostTraffic> Hosts { get; init; } = [];
}
