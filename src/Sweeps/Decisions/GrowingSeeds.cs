using System.Globalization;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>
/// Seeds until every comparison is decided. How many each cell gets follows from its results in the
/// order of the seeds, up to the first that is missing; so it is the same for any number of jobs,
/// in any order of completion.
/// </summary>
internal sealed class GrowingSeeds(SweepPlan plan, UntilDecided until, Func<Cell, SeedLevels, PlannedRun> run)
{
    public AgendaState Look(ISweepResults results)
    {
        var levels = plan.Rounds[0].Levels;
        var perSeed = levels.Count / until.Most;
        var comparisons = Comparisons.Of(plan);
        var family = SequentialFamily.Of(
            comparisons,
            [.. levels.Select(level => new SeedKey(level.Seed, level.StreamText))],
            [.. plan.Cells.Select(cell => (IReadOnlyList<SeedResult>)Results(cell, levels, results))],
            Scaled(Comparisons.TermsOf(plan, comparisons.Count), perSeed),
            perSeed);
        List<WantedRun> known = [.. levels.Index().SelectMany(level => plan.Cells
            .Where(cell => level.Index < family.SeedsWanted[cell.Index]).Select(cell => new WantedRun(run(cell, level.Item))))];
        var open = known.Where(wanted => results.Completed(wanted.Run.Key) is null).ToList();
        return new AgendaState
        {
            Known = known,
            Wanted = [.. open.Where(wanted => !results.HasFailed(wanted.Run.Key))],
            Failed = [.. open.Where(wanted => results.HasFailed(wanted.Run.Key)).Select(wanted => wanted.Run)],
            Cells = plan.Cells,
            Levels = levels,
            Decisions = [.. comparisons.Zip(family.Comparisons).Select(pair => Sentence(pair.First, pair.Second))],
        };
    }

    private List<SeedResult> Results(Cell cell, IReadOnlyList<SeedLevels> levels, ISweepResults results)
    {
        var made = new List<SeedResult>();
        foreach (var level in levels)
        {
            if (results.Completed(run(cell, level).Key) is not { } completed)
            {
                break;
            }

            made.Add(new SeedResult(new SeedKey(level.Seed, level.StreamText), Ranking.Value(completed, plan.Metric)));
        }

        return made;
    }

    // With factors each seed is several results.
    private static SequentialTerms Scaled(SequentialTerms terms, int perSeed) => terms with { SmallestN = terms.SmallestN * perSeed, LargestN = terms.LargestN * perSeed };

    private static string Sentence(PlannedComparison planned, SequentialComparison comparison) => string.Create(
        CultureInfo.InvariantCulture,
        $"{planned.NameA} against {planned.NameB}{(planned.Environment.Length == 0 ? "" : $" ({planned.Environment})")}: {(comparison.IsOpen ? "open" : "decided")} after {comparison.Seeds} seeds.");
}
