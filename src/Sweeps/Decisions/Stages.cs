using System.Globalization;

namespace Orchestrator.Sweeps;

/// <summary>
/// Rounds one after another: the best settings of each go to the next. A sweep without stages is one
/// round.
/// </summary>
internal sealed class Stages(SweepPlan plan, Func<Cell, SeedLevels, PlannedRun> run)
{
    public AgendaState Look(ISweepResults results)
    {
        var (groups, known, decisions) = (plan.Groups, new List<WantedRun>(), new List<string>());
        foreach (var round in plan.Rounds)
        {
            List<WantedRun> ofRound = [.. round.Levels.SelectMany(levels => groups.SelectMany(group => group.Cells).Select(cell => new WantedRun(run(cell, levels))))];
            known.AddRange(ofRound);
            var open = ofRound.Where(wanted => results.Completed(wanted.Run.Key) is null).ToList();
            if (open.Count > 0 || round.Keep is null)
            {
                return AgendaState.Of(known, open, results, groups, round.Levels, decisions);
            }

            var kept = Keep(groups, round, results);
            decisions.Add(string.Create(CultureInfo.InvariantCulture, $"{round.Name}: {kept.Count} of {groups.Count} {plan.GroupNoun} go on: {string.Join("; ", kept.Select(group => group.Label))}."));
            groups = kept;
        }

        throw new InvalidOperationException("The last round keeps nothing.");
    }

    private IReadOnlyList<CellGroup> Keep(IReadOnlyList<CellGroup> groups, Round round, ISweepResults results)
    {
        int[] per = [.. round.Per.Select(name => plan.ShownAxes.ToList().FindIndex(axis => axis.Name == name))];
        return [.. groups
            .GroupBy(group => string.Join('\n', per.Select(axis => group.Values[axis].Json)))
            .SelectMany(rivals => Ranking.Best(rivals, group => Values(group, round.Levels, results), plan.Metric).Take(round.Keep!.Value))
            .OrderBy(group => group.Index)];
    }

    private List<double?> Values(CellGroup group, IReadOnlyList<SeedLevels> levels, ISweepResults results) =>
        [.. levels.Select(level => group.Mean(level, cell => Ranking.Result(run(cell, level), results, plan.Metric))!.Value.Value)];
}
