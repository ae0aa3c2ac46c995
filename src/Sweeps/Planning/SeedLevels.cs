namespace Orchestrator.Sweeps;

/// <summary>What two runs of one cell differ by.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Streams">Seeds of named streams that are crossed with it, by name; empty without
/// factors.</param>
public sealed record SeedLevels(long Seed, IReadOnlyDictionary<string, long> Streams)
{
    /// <summary>
    /// The streams as tables and keys say them: <c>delay=7 init=3</c>; empty without any.
    /// </summary>
    public string StreamText { get; } = string.Join(' ', Streams.OrderBy(stream => stream.Key, StringComparer.Ordinal).Select(stream => $"{stream.Key}={stream.Value}"));

    public override string ToString() => StreamText.Length == 0 ? $"seed {Seed}" : $"seed {Seed} {StreamText}";
}

/// <summary>One round of a sweep: its seeds, and how many of its cells go on.</summary>
/// <param name="Name">As the pipeline calls it; empty where there is one round.</param>
/// <param name="Levels">What the runs of each cell differ by, in order.</param>
/// <param name="Keep">How many cells go on to the next round; null for the last.</param>
/// <param name="Per">Axes within whose every combination of values so many go on.</param>
public sealed record Round(string Name, IReadOnlyList<SeedLevels> Levels, int? Keep, IReadOnlyList<string> Per);

/// <summary>A growing number of seeds.</summary>
/// <param name="Fewest">Seeds before which nothing is decided.</param>
/// <param name="Most">Seeds at which the question is left open.</param>
public sealed record UntilDecided(int Fewest, int Most);
