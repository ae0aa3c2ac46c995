namespace Orchestrator.Statistics;

/// <summary>Two variants on the seeds that both ran.</summary>
public sealed record PairedResults
{
    /// <summary>a - b over the seeds on which both converged, in order of seeds.</summary>
    public required double[] Differences { get; init; }

    /// <summary>Seeds that both ran, whether they converged or not.</summary>
    public required int CommonSeeds { get; init; }

    /// <summary>Common seeds on which A alone converged.</summary>
    public required int OnlyA { get; init; }

    /// <summary>Common seeds on which B alone converged.</summary>
    public required int OnlyB { get; init; }

    /// <summary>Seeds that one of them ran and the other did not; they play no part.</summary>
    public required int Unpaired { get; init; }

    /// <summary>Pairs two cells by their keys.</summary>
    /// <exception cref="ArgumentException">A key stands twice in one cell.</exception>
    public static PairedResults Of(IEnumerable<SeedResult> a, IEnumerable<SeedResult> b)
    {
        var steps = Walk(a, b, out var unpaired);
        return new PairedResults
        {
            Differences = [.. steps.Where(s => s.Difference is not null).Select(s => s.Difference!.Value)],
            CommonSeeds = steps.Count,
            OnlyA = steps.Count(s => s is { AConverged: true, BConverged: false }),
            OnlyB = steps.Count(s => s is { AConverged: false, BConverged: true }),
            Unpaired = unpaired,
        };
    }

    /// <summary>The common seeds in order, each with its difference where both converged.</summary>
    internal static List<PairedStep> Walk(IEnumerable<SeedResult> a, IEnumerable<SeedResult> b, out int unpaired)
    {
        var left = ByKey(a, nameof(a));
        var right = ByKey(b, nameof(b));
        var steps = new List<PairedStep>();
        foreach (var (key, one) in left)
        {
            if (right.TryGetValue(key, out var other))
            {
                steps.Add(new(one.Converged, other.Converged, one.Converged && other.Converged ? one.Value - other.Value : null));
            }
        }

        unpaired = left.Count + right.Count - (2 * steps.Count);
        return steps;
    }

    /// <summary>The common seeds on which both converged, with both values.</summary>
    internal static List<CrossedRun> Common(IEnumerable<SeedResult> a, IEnumerable<SeedResult> b)
    {
        var right = ByKey(b, nameof(b));
        return [.. ByKey(a, nameof(a)).Values.Where(one => one.Converged && right.TryGetValue(one.Key, out var other) && other.Converged)
            .Select(one => new CrossedRun(one.Key, one.Value!.Value, right[one.Key].Value!.Value))];
    }

    private static SortedDictionary<SeedKey, SeedResult> ByKey(IEnumerable<SeedResult> results, string cell)
    {
        var sorted = new SortedDictionary<SeedKey, SeedResult>();
        foreach (var result in results)
        {
            if (!sorted.TryAdd(result.Key, result))
            {
                throw new ArgumentException($"{result.Key} stands twice in one cell; a pair needs one run of each.", cell);
            }
        }

        return sorted;
    }
}

/// <summary>One common seed.</summary>
internal readonly record struct PairedStep(bool AConverged, bool BConverged, double? Difference);
