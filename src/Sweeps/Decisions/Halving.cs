using System.Globalization;
using Orchestrator.Composition;
using Orchestrator.Numerics;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>
/// Successive halving: all settings run to the first mark, the best share of them to the next, the
/// survivors of the last to the end (Jamieson and Talwalkar: Non-stochastic best arm identification
/// and hyperparameter optimization, 2016). A mark is decided when all have reached it. A
/// pause is no end: the pipeline is the same, so a survivor's digest is that of a run without
/// pauses. A share of what is left behind is finished too; what that cost, and what leaving the
/// others behind may have cost, is said.
/// </summary>
internal sealed class Halving(SweepPlan plan, SuccessiveHalving settings, Func<Cell, SeedLevels, PlannedRun> run)
{
    private readonly IReadOnlyList<SeedLevels> levels = plan.Rounds[0].Levels;

    public AgendaState Look(ISweepResults results)
    {
        var (alive, pruned, decisions) = (plan.Groups, new List<CellGroup>(), new List<string>());
        foreach (var mark in settings.Epochs)
        {
            List<WantedRun> atMark = [.. levels.SelectMany(level => Cells(alive).Select(cell => new WantedRun(run(cell, level), mark)))];
            var open = atMark.Where(wanted => results.AtMark(wanted.Run.Key, mark) is null).ToList();
            if (open.Count > 0)
            {
                return AgendaState.Of(atMark, open, results, alive, levels, decisions);
            }

            var count = Math.Max(1, (int)Math.Ceiling(alive.Count / settings.Keep));
            var best = Ranking.Best(alive, group => [.. levels.Select(level => group.Mean(level, cell => AtMark(run(cell, level)))!.Value.Value)], plan.Metric);
            decisions.Add(string.Create(CultureInfo.InvariantCulture, $"epoch {mark}: {count} of {alive.Count} {plan.GroupNoun} go on; the best is {best[0].Label}."));
            pruned.AddRange(best.Skip(count));
            alive = [.. best.Take(count).OrderBy(group => group.Index)];

            SeedResult? AtMark(PlannedRun at) => new(new(at.Levels.Seed, at.Levels.StreamText), plan.Metric.Of(results.AtMark(at.Key, mark)!));
        }

        var audited = Audited(pruned);
        var finished = alive.Concat(audited).OrderBy(group => group.Index).ToList();
        List<WantedRun> toTheEnd = [.. levels.SelectMany(level => Cells(finished).Select(cell => new WantedRun(run(cell, level))))];
        var left = toTheEnd.Where(wanted => results.Completed(wanted.Run.Key) is null).ToList();
        if (left.Count == 0)
        {
            decisions.Add(Regret(alive, audited, pruned.Count, results));
        }

        return AgendaState.Of(toTheEnd, left, results, finished, levels, decisions);
    }

    // Which ones does not depend on their values: a share of the losers that was chosen by value
    // would say nothing of the others.
    private List<CellGroup> Audited(List<CellGroup> pruned)
    {
        var count = (int)Math.Ceiling(pruned.Count * settings.Finish);
        var streams = new RandomStreams(settings.Seed);
        return [.. pruned.OrderBy(group => streams.Open("audit", group.Index).NextUInt64()).ThenBy(group => group.Index).Take(count).OrderBy(group => group.Index)];
    }

    private string Regret(IReadOnlyList<CellGroup> alive, List<CellGroup> audited, int pruned, ISweepResults results)
    {
        if (audited.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{pruned} {plan.GroupNoun} were left behind and none was finished: what that cost is not known.");
        }

        // As settings are chosen: first by how many of their runs did not converge.
        var sign = plan.Metric.IsAccuracy() ? 1 : -1;
        var (best, other) = (Best(alive), Best(audited));
        var said = (best.Mean, other.Mean) switch
        {
            ({ }, { }) when other.NoConvergence < best.NoConvergence =>
                $"the best of them converged with {Seeds(best.NoConvergence - other.NoConvergence)} more than the best survivor: that is the regret seen",
            ({ }, { }) when other.NoConvergence > best.NoConvergence =>
                $"the best of them converged with {Seeds(other.NoConvergence - best.NoConvergence)} fewer than the best survivor: no regret seen",
            ({ } a, { } b) when sign * (b - a) > 0 => $"the best of them is better than the best survivor by {Math.Abs(b - a):G4}: that is the regret seen",
            ({ } a, { } b) => $"the best of them is worse than the best survivor by {Math.Abs(a - b):G4}: no regret seen",
            (null, { }) => "one of them converged and no survivor did",
            _ => "none of them converged",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{pruned} {plan.GroupNoun} were left behind, {audited.Count} of them were finished anyway; {said}.");

        (int NoConvergence, double? Mean) Best(IReadOnlyList<CellGroup> groups) =>
            groups.Select(Of).OrderBy(group => group.NoConvergence).ThenByDescending(group => sign * group.Mean).First();

        (int NoConvergence, double? Mean) Of(CellGroup group)
        {
            List<double?> values = [.. levels.Select(level => group.Mean(level, cell => Ranking.Result(run(cell, level), results, plan.Metric))!.Value.Value)];
            return (values.Count(value => value is null), values.Average());
        }
    }

    private static string Seeds(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "seed" : "seeds")}");

    private static IEnumerable<Cell> Cells(IEnumerable<CellGroup> groups) => groups.SelectMany(group => group.Cells);
}
