namespace Orchestrator.Statistics;

/// <summary>
/// What two runs of different variants share that makes them a pair: the seed, and the levels of
/// named random streams.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Streams">Levels of streams that were replaced, as <c>delay=7</c>; empty where none
/// was.</param>
public readonly record struct SeedKey(long Seed, string Streams = "") : IComparable<SeedKey>
{
    /// <summary>
    /// By seed, then by streams; so results come in one order however they were collected.
    /// </summary>
    public int CompareTo(SeedKey other) => Seed != other.Seed ? Seed.CompareTo(other.Seed) : string.CompareOrdinal(Streams, other.Streams);

    /// <summary>As it is told to people, such as <c>seed 3, delay=7</c>.</summary>
    public override string ToString() => Streams.Length == 0 ? $"seed {Seed}" : $"seed {Seed}, {Streams}";

    /// <summary>In the order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(SeedKey left, SeedKey right) => left.CompareTo(right) < 0;

    /// <summary>In the order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(SeedKey left, SeedKey right) => left.CompareTo(right) <= 0;

    /// <summary>In the order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(SeedKey left, SeedKey right) => left.CompareTo(right) > 0;

    /// <summary>In the order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(SeedKey left, SeedKey right) => left.CompareTo(right) >= 0;
}
