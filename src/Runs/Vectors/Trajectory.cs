namespace Orchestrator.Runs;

/// <summary>
/// What a server's rules did, update by update: enough for anybody to do it again with other code.
/// One row per update, in their order; vectors have the model's length.
/// </summary>
public sealed class Trajectory
{
    /// <summary>The worker whose push it was, from 0.</summary>
    public List<int> Worker { get; } = [];

    /// <summary>The version that the worker was sent before it computed.</summary>
    public List<long> VersionPulled { get; } = [];

    /// <summary>Learning rate in force.</summary>
    public List<double> LearningRate { get; } = [];

    /// <summary>The vector that the push was computed on.</summary>
    public List<float[]> Sent { get; } = [];

    /// <summary>What was pushed, before weight decay and corrections.</summary>
    public List<float[]> Pushed { get; } = [];

    /// <summary>What the optimizer was given, after both.</summary>
    public List<float[]> Corrected { get; } = [];

    /// <summary>Parameters before the first update, and after each.</summary>
    public List<float[]> Parameters { get; } = [];
}
