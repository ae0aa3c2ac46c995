using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>
/// Seeds until every comparison is decided. How many each cell gets follows from its results in the
/// order of the seeds, up to the first that is missing; so it is the same for any number of jobs,
/// in any order of completion. With factors a seed counts once, when all its levels are there.
/// </summary>
internal sealed class GrowingSeeds(SweepPlan plan, UntilDecided until, Func<Cell, SeedLevels, PlannedRun> run)
{
    public AgendaState Look(ISweepResults results)
    {
        var levels = plan.Rounds[0].Levels;
        var perSeed = levels.Count / until.Most;
        var (table, family) = Family(results);
        List<WantedRun> known = [.. levels.Index().SelectMany(level => plan.Groups
            .Where(group => level.Index < perSeed * family.SeedsWanted[group.Index]).SelectMany(group => group.Cells).Select(cell => new WantedRun(run(cell, level.Item))))];
        return AgendaState.Of(known, known.Where(wanted => results.Completed(wanted.Run.Key) is null), results, plan.Groups, levels, table.Sentences);
    }

    /// <summary>Where every comparison stands.</summary>
    public (SequentialTable Table, SequentialFamily Family) Family(ISweepResults results)
    {
        var comparisons = Comparisons.Of(plan);
        var terms = Comparisons.TermsOf(plan, comparisons.Count);
        var seeds = plan.Rounds[0].Levels.GroupBy(level => level.Seed).Select(seed => seed.ToList()).ToList();
        var family = SequentialFamily.Of(
            comparisons, [.. seeds.Select(seed => new SeedKey(seed[0].Seed))], [.. plan.Groups.Select(group => (IReadOnlyList<SeedResult>)[.. Results(group, seeds, results)])], terms);
        return (new SequentialTable(comparisons, family.Comparisons, terms, SweepTable.MetricOf(plan)), family);
    }

    private IEnumerable<SeedResult> Results(CellGroup group, List<List<SeedLevels>> seeds, ISweepResults results)
    {
        foreach (var seed in seeds)
        {
            List<SeedResult> levels = [.. seed.Select(level => group.Mean(level, cell => Ranking.Result(run(cell, level), results, plan.Metric))).OfType<SeedResult>()];
            if (levels.Count < seed.Count)
            {
                yield break;
            }

            yield return CrossedSeeds.Of(seed[0].Seed, levels);
        }
    }
}
