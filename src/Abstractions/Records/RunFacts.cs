namespace Orchestrator.Abstractions;

/// <summary>What is known of a recorded run as a whole.</summary>
public sealed record RunFacts
{
    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of the canonical resolved pipeline.</summary>
    public required string Id { get; init; }

    /// <summary>Number of the run among those of the same id, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How the run stands or ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Why it did not complete, in a sentence; null where it did.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The resolved pipeline with all its defaults, JSON; null where it cannot be read.
    /// </summary>
    public string? Pipeline { get; init; }

    /// <summary>The clock by which the times of its records count.</summary>
    public required ClockKind Clock { get; init; }

    /// <summary>Workers, at least 1.</summary>
    public required int Workers { get; init; }

    /// <summary>Classes of the samples; 0 where they have no label.</summary>
    public required int Classes { get; init; }

    /// <summary>What the model's results depend on beyond their inputs.</summary>
    public required string KernelPath { get; init; }

    /// <summary>
    /// Hexadecimal SHA-256 over the run's records; null where it did not end in order.
    /// </summary>
    public string? Digest { get; init; }

    /// <summary>Real time that the run took, s; null while it is not known.</summary>
    public double? WallSeconds { get; init; }

    /// <summary>
    /// What tells the run from others that it is analyzed with, by name: values on the axes of its
    /// sweep, or what its pipeline says by path (<c>workers.count</c>), the seed included. Empty
    /// where neither can be read.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary><c>NAME/ID-ATTEMPT</c>, as its folder lies under the folder of all runs.</summary>
    public string Title => FormattableString.Invariant($"{Name}/{Id}-{Attempt}");
}
