using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>Makes rounds of what a pipeline says of seeds, factors and stages.</summary>
/// <param name="sweep">The section.</param>
/// <param name="ownSeed">The pipeline's own seed.</param>
/// <param name="averages">The axes.</param>
/// <param name="mistakes">Where mistakes go.</param>
internal sealed class RoundReader(SweepSettings sweep, long ownSeed, Averages averages, SweepMistakes mistakes)
{
    private const string SeedsPath = "sweep.seeds";

    /// <summary>
    /// The rounds, in order; the first is the only one where there are no stages.
    /// </summary>
    public IReadOnlyList<Round> Read()
    {
        var factors = Factors();
        if (sweep.Stages.Count == 0)
        {
            return [new Round("", Cross(Seeds(), factors), null, [])];
        }

        if (sweep.Seeds is not null)
        {
            mistakes.Add(sweep.Origin, SeedsPath, "each stage has seeds of its own; remove the key, or 'stages'");
        }

        if (sweep.Search is SuccessiveHalving)
        {
            mistakes.Add(sweep.Origin, "sweep.search", "successive halving leaves cells behind by itself; remove it, or 'stages'");
        }

        return Stages(factors);
    }

    /// <summary>How far seeds grow; null where their number is given.</summary>
    public UntilDecided? Until() => sweep.Seeds is { Until: SeedsUntil.Decided, From: { } from, To: { } to } ? new UntilDecided(from, to) : null;

    private List<long> Seeds()
    {
        var seeds = sweep.Seeds ?? new SeedSettings(Count: 1);
        var isGrowing = seeds.From is not null || seeds.To is not null || seeds.Until is not null;
        if (new[] { seeds.Count is not null, seeds.Values is not null, isGrowing }.Count(given => given) != 1)
        {
            mistakes.Add(sweep.Origin, SeedsPath, "a number, a list, or { \"from\": 5, \"to\": 40, \"until\": \"decided\" } is expected, and one of them");
            return [ownSeed];
        }

        if (isGrowing)
        {
            if (seeds is not { From: { } from, To: { } to, Until: SeedsUntil.Decided } || to < from)
            {
                mistakes.Add(sweep.Origin, SeedsPath, "from (seeds at least), to (seeds at most, not fewer) and until are expected together: { \"from\": 5, \"to\": 40, \"until\": \"decided\" }");
            }

            if (sweep.Search is SuccessiveHalving)
            {
                mistakes.Add(sweep.Origin, SeedsPath, "a number that is decided on the way and successive halving exclude each other; give the number of seeds");
            }
        }

        return seeds.Values is { } list ? Distinct(list, SeedsPath) : Count(ownSeed, seeds.Count ?? seeds.To ?? 1);
    }

    private List<(string Name, List<long> Seeds)> Factors()
    {
        var factors = FactorLevels();
        if (sweep.Crossing == FactorCrossing.Fraction
            && (factors.Count != OrthogonalArray.Factors || factors[0].Seeds.Count < 2 || factors.Any(factor => factor.Seeds.Count != factors[0].Seeds.Count)))
        {
            var given = factors.Count == 0 ? "none" : string.Join(", ", factors.Select(factor => $"{factor.Name} with {factor.Seeds.Count}"));
            mistakes.Add(sweep.Origin, "sweep.crossing", $"a fraction is of {OrthogonalArray.Factors} factors with equally many levels, two at least; there are {given}");
        }

        return factors;
    }

    private List<(string Name, List<long> Seeds)> FactorLevels()
    {
        var factors = new List<(string, List<long>)>();
        foreach (var (name, settings) in sweep.Factors)
        {
            var path = $"sweep.factors.{name}";
            if (!StreamSettings.Names.Contains(name))
            {
                mistakes.Add(
                    sweep.Origin, path, $"there is no random stream '{name}'; one of {string.Join(", ", StreamSettings.Names)} is expected{NearestMatch.Suffix(name, StreamSettings.Names)}");
            }
            else
            {
                factors.Add((name, Levels(settings, first: 1, path)));
            }
        }

        return factors;
    }

    private List<Round> Stages(List<(string Name, List<long> Seeds)> factors)
    {
        var (rounds, used, next) = (new List<Round>(), new HashSet<long>(), ownSeed);
        for (var i = 0; i < sweep.Stages.Count; i++)
        {
            var (stage, path, isLast) = (sweep.Stages[i], $"sweep.stages[{i}]", i == sweep.Stages.Count - 1);
            var seeds = Levels(stage.Seeds, next, $"{path}.seeds");
            foreach (var seen in seeds.Where(used.Contains).Take(1))
            {
                mistakes.Add(sweep.Origin, $"{path}.seeds", $"seed {seen} was seen by an earlier stage; cells that were chosen with a seed look better on it, so fresh ones are required");
            }

            if (isLast == stage.Keep is not null)
            {
                mistakes.Add(sweep.Origin, $"{path}.keep", isLast ? "the last stage keeps nothing; remove it" : "is missing; how many cells go on to the next stage is required");
            }

            foreach (var unknown in stage.Per.Where(name => averages.Shown.All(axis => axis.Name != name)))
            {
                mistakes.Add(sweep.Origin, $"{path}.per", averages.Missing(unknown));
            }

            if (rounds.Any(round => round.Name == stage.Name) || stage.Name.Length == 0)
            {
                mistakes.Add(sweep.Origin, $"{path}.name", stage.Name.Length == 0 ? "is empty" : $"'{stage.Name}' is the name of an earlier stage");
            }

            used.UnionWith(seeds);
            next = used.Max() + 1;
            rounds.Add(new Round(stage.Name, Cross(seeds, factors), stage.Keep, stage.Per));
        }

        return rounds;
    }

    private List<long> Levels(FactorSettings settings, long first, string path)
    {
        if (settings.Count is null == settings.Values is null)
        {
            mistakes.Add(sweep.Origin, path, "a number or a list of seeds is expected, and one of them");
            return [first];
        }

        return settings.Values is { } list ? Distinct(list, path) : Count(first, settings.Count!.Value);
    }

    private List<long> Distinct(IReadOnlyList<long> seeds, string path)
    {
        if (seeds.Count == 0)
        {
            mistakes.Add(sweep.Origin, path, "is empty; at least one seed is expected");
            return [ownSeed];
        }

        foreach (var twice in seeds.GroupBy(seed => seed).Where(group => group.Count() > 1))
        {
            mistakes.Add(sweep.Origin, path, $"has the seed {twice.Key} more than once");
        }

        return [.. seeds.Distinct()];
    }

    private static List<long> Count(long first, int count) => [.. Enumerable.Range(0, count).Select(i => first + i)];

    // The last factor changes fastest.
    private List<SeedLevels> Cross(List<long> seeds, List<(string Name, List<long> Seeds)> factors)
    {
        if (sweep.Crossing == FactorCrossing.Fraction && !mistakes.Any)
        {
            var fraction = OrthogonalArray.Strength3(factors[0].Seeds.Count)
                .Select(run => factors.Index().ToDictionary(factor => factor.Item.Name, factor => factor.Item.Seeds[run[factor.Index]]))
                .ToList();
            return [.. seeds.SelectMany(seed => fraction.Select(each => new SeedLevels(seed, each)))];
        }

        IEnumerable<SortedDictionary<string, long>> streams = [new(StringComparer.Ordinal)];
        foreach (var (name, levels) in factors)
        {
            streams = [.. streams.SelectMany(below => levels.Select(level => new SortedDictionary<string, long>(below, StringComparer.Ordinal) { [name] = level }))];
        }

        return [.. seeds.SelectMany(seed => streams.Select(each => new SeedLevels(seed, each)))];
    }
}
