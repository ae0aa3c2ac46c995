using System.Globalization;

namespace Orchestrator.Sweeps;

/// <summary>
/// Rounds one after another: the best cells of each go to the next. A sweep without stages is one
/// round.
/// </summary>
internal sealed class Stages(SweepPlan plan, Func<Cell, SeedLevels, PlannedRun> run)
{
    public AgendaState Look(ISweepResults results)
    {
        var (cells, known, decisions) = (plan.Cells, new List<WantedRun>(), new List<string>());
        foreach (var round in plan.Rounds)
        {
            List<WantedRun> ofRound = [.. round.Levels.SelectMany(levels => cells.Select(cell => new WantedRun(run(cell, levels))))];
            known.AddRange(ofRound);
            var open = ofRound.Where(wanted => results.Completed(wanted.Run.Key) is null).ToList();
            if (open.Count > 0 || round.Keep is null)
            {
                return new AgendaState
                {
                    Known = known,
                    Wanted = [.. open.Where(wanted => !results.HasFailed(wanted.Run.Key))],
                    Failed = [.. open.Where(wanted => results.HasFailed(wanted.Run.Key)).Select(wanted => wanted.Run)],
                    Cells = cells,
                    Levels = round.Levels,
                    Decisions = decisions,
                };
            }

            var kept = Keep(cells, round, results);
            decisions.Add(string.Create(CultureInfo.InvariantCulture, $"{round.Name}: {kept.Count} of {cells.Count} cells go on: {string.Join("; ", kept.Select(cell => cell.Label))}."));
            cells = kept;
        }

        throw new InvalidOperationException("The last round keeps nothing.");
    }

    private IReadOnlyList<Cell> Keep(IReadOnlyList<Cell> cells, Round round, ISweepResults results)
    {
        int[] per = [.. round.Per.Select(name => plan.Axes.ToList().FindIndex(axis => axis.Name == name))];
        return [.. cells
            .GroupBy(cell => string.Join('\n', per.Select(axis => cell.Values[axis].Json)))
            .SelectMany(group => Ranking.Best(group, cell => Values(cell, round.Levels, results), plan.Metric).Take(round.Keep!.Value))
            .OrderBy(cell => cell.Index)];
    }

    private List<double?> Values(Cell cell, IReadOnlyList<SeedLevels> levels, ISweepResults results) =>
        [.. levels.Select(level => Ranking.Value(results.Completed(run(cell, level).Key)!, plan.Metric))];
}
