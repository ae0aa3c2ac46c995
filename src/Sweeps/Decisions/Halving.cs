using System.Globalization;
using Orchestrator.Composition;
using Orchestrator.Numerics;

namespace Orchestrator.Sweeps;

/// <summary>
/// Successive halving: all cells run to the first mark, the best share of them to the next, the
/// survivors of the last to the end (Jamieson and Talwalkar: Non-stochastic best arm identification
/// and hyperparameter optimization, 2016). A mark is decided when all its cells have reached it. A
/// pause is no end: the pipeline is the same, so a survivor's digest is that of a run without
/// pauses. A share of what is left behind is finished too; what that cost, and what leaving the
/// others behind may have cost, is said.
/// </summary>
internal sealed class Halving(SweepPlan plan, SuccessiveHalving settings, Func<Cell, SeedLevels, PlannedRun> run)
{
    private readonly IReadOnlyList<SeedLevels> levels = plan.Rounds[0].Levels;

    public AgendaState Look(ISweepResults results)
    {
        var (alive, pruned, decisions) = (plan.Cells, new List<Cell>(), new List<string>());
        foreach (var mark in settings.Epochs)
        {
            List<WantedRun> atMark = [.. levels.SelectMany(level => alive.Select(cell => new WantedRun(run(cell, level), mark)))];
            var open = atMark.Where(wanted => results.AtMark(wanted.Run.Key, mark) is null).ToList();
            if (open.Count > 0)
            {
                return State(atMark, open, results, alive, decisions);
            }

            var count = Math.Max(1, (int)Math.Ceiling(alive.Count / settings.Keep));
            var best = Ranking.Best(alive, cell => [.. levels.Select(level => Value(results.AtMark(run(cell, level).Key, mark)!))], plan.Metric);
            decisions.Add(string.Create(CultureInfo.InvariantCulture, $"epoch {mark}: {count} of {alive.Count} cells go on; the best is {best[0].Label}."));
            pruned.AddRange(best.Skip(count));
            alive = [.. best.Take(count).OrderBy(cell => cell.Index)];
        }

        var audited = Audited(pruned);
        var finished = alive.Concat(audited).OrderBy(cell => cell.Index).ToList();
        List<WantedRun> toTheEnd = [.. levels.SelectMany(level => finished.Select(cell => new WantedRun(run(cell, level))))];
        var left = toTheEnd.Where(wanted => results.Completed(wanted.Run.Key) is null).ToList();
        if (left.Count == 0)
        {
            decisions.Add(Regret(alive, audited, pruned.Count, results));
        }

        return State(toTheEnd, left, results, finished, decisions);
    }

    // Which ones does not depend on their values: a share of the losers that was chosen by value
    // would say nothing of the others.
    private List<Cell> Audited(List<Cell> pruned)
    {
        var count = (int)Math.Ceiling(pruned.Count * settings.Finish);
        var streams = new RandomStreams(settings.Seed);
        return [.. pruned.OrderBy(cell => streams.Open("audit", cell.Index).NextUInt64()).ThenBy(cell => cell.Index).Take(count).OrderBy(cell => cell.Index)];
    }

    private string Regret(IReadOnlyList<Cell> alive, List<Cell> audited, int pruned, ISweepResults results)
    {
        if (audited.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{pruned} cells were left behind and none was finished: what that cost is not known.");
        }

        var sign = plan.Metric.IsAccuracy() ? 1 : -1;
        var (best, other) = (Best(alive), Best(audited));
        var said = (best, other) switch
        {
            ({ } a, { } b) when sign * (b - a) > 0 => $"the best of them is better than the best survivor by {Math.Abs(b - a):G4}: that is the regret seen",
            ({ } a, { } b) => $"the best of them is worse than the best survivor by {Math.Abs(a - b):G4}: no regret seen",
            (null, { }) => "one of them converged and no survivor did",
            _ => "none of them converged",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{pruned} cells were left behind, {audited.Count} of them were finished anyway; {said}.");

        double? Best(IReadOnlyList<Cell> cells)
        {
            List<double> means = [.. cells.Select(Mean).OfType<double>()];
            return means.Count == 0 ? null : means.MaxBy(mean => sign * mean);
        }

        double? Mean(Cell cell)
        {
            List<double> values = [.. levels.Select(level => Ranking.Value(results.Completed(run(cell, level).Key)!, plan.Metric)).OfType<double>()];
            return values.Count == 0 ? null : values.Average();
        }
    }

    private double? Value(RungResult result) => plan.Metric.Of(result);

    private AgendaState State(List<WantedRun> known, List<WantedRun> open, ISweepResults results, IReadOnlyList<Cell> cells, List<string> decisions) => new()
    {
        Known = known,
        Wanted = [.. open.Where(wanted => !results.HasFailed(wanted.Run.Key))],
        Failed = [.. open.Where(wanted => results.HasFailed(wanted.Run.Key)).Select(wanted => wanted.Run)],
        Cells = cells,
        Levels = levels,
        Decisions = decisions,
    };
}
