using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>What a replay found.</summary>
/// <param name="Run">The run that was replayed.</param>
/// <param name="Grounds">What it stands on.</param>
public sealed record ReplayReport(RunEntry Run, ReplayGrounds Grounds)
{
    /// <summary>Why bits may differ; empty where they may not.</summary>
    public IReadOnlyList<string> Warnings => Grounds.Warnings;

    /// <summary>Push records that were equal.</summary>
    public long Pushes { get; init; }

    /// <summary>Evaluations that were equal.</summary>
    public long Evaluations { get; init; }

    /// <summary>The first difference; null where there is none.</summary>
    public Difference? Difference { get; init; }

    /// <summary>Whether it was told to stop before it was through.</summary>
    public bool WasInterrupted { get; init; }

    /// <summary>
    /// Whether the run ended in order, so that its last evaluation, parameters and digest were
    /// compared too.
    /// </summary>
    public bool IsWhole => Run.Document?.Digest is not null;

    /// <summary>
    /// <c>exact</c>, <c>different</c>, <c>interrupted</c>, or <c>inconclusive</c> where a plugin is
    /// not what it was, or bits differ and so may what computed them.
    /// </summary>
    public string Verdict => this switch
    {
        { WasInterrupted: true } => "interrupted",
        { Grounds.ChangedPlugins.Count: > 0 } => "inconclusive",
        { Difference: null } => "exact",
        { Warnings.Count: > 0 } => "inconclusive",
        _ => "different",
    };
}
