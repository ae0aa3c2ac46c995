using Orchestrator.Composition;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>A sweep that has no mistake: its cells, and what their runs differ by.</summary>
public sealed record SweepPlan
{
    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>As the pipeline has it.</summary>
    public required SweepSettings Settings { get; init; }

    public required IReadOnlyList<Axis> Axes { get; init; }

    /// <summary>
    /// In the order of the axes, the last axis changing fastest; those of one setting together.
    /// </summary>
    public required IReadOnlyList<Cell> Cells { get; init; }

    /// <summary>The axes that are not averaged over: those of the table.</summary>
    public IReadOnlyList<Axis> ShownAxes => field ??= [.. Axes.Where(axis => !Settings.Average.Contains(axis.Name))];

    /// <summary>The settings: what the table has rows for, and decisions choose.</summary>
    public IReadOnlyList<CellGroup> Groups => field ??= CellGroup.Of(Axes, Settings.Average, Cells);

    /// <summary>What groups are called when they are told of.</summary>
    public string GroupNoun => Settings.Average.Count == 0 ? "cells" : "settings";

    /// <summary>At least one. The runs of the first round are those of all cells.</summary>
    public required IReadOnlyList<Round> Rounds { get; init; }

    /// <summary>What cells are compared by.</summary>
    public required SweepMetric Metric { get; init; }

    /// <summary>The metric as a run's summary calls it.</summary>
    public string MetricName => Metric.Table().Name;

    /// <summary>How far seeds grow; null where their number is given.</summary>
    public UntilDecided? Until { get; init; }

    /// <summary>The text of the file of published values; null without one.</summary>
    public string? Published { get; init; }

    /// <summary>What is allowed in it, and yet may not be meant.</summary>
    public IReadOnlyList<Hint> Hints => !Comparisons.LacksBaseline(this) ? [] :
        [new(HintGrade.Hint, "sweep.compare.baseline", $"'{Settings.Compare.Baseline}' is in none of the cells, so nothing is compared")];

    /// <summary>
    /// The runs of some cells in a round, seed by seed, so that every cell has its first result
    /// early.
    /// </summary>
    public static IEnumerable<PlannedRun> Runs(IReadOnlyList<Cell> cells, IEnumerable<SeedLevels> levels) =>
        levels.SelectMany(level => cells.Select(cell => Run(cell, level)));

    /// <summary>A cell's run with a seed.</summary>
    public static PlannedRun Run(Cell cell, SeedLevels levels)
    {
        var run = new PlannedRun(cell, levels, "");
        return run with { Key = SweepKeys.OfRun(cell.Key, levels.Seed, run.Streams) };
    }
}

/// <summary>A sweep's plan, or everything that is wrong with it.</summary>
/// <param name="Plan">Null where there are mistakes.</param>
/// <param name="Mistakes">All of them, of all cells, each once.</param>
public sealed record SweepPlanResult(SweepPlan? Plan, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>The plan, or all mistakes at once.</summary>
    /// <exception cref="RunRefusedException">There are mistakes.</exception>
    public SweepPlan OrThrow() => Plan ?? throw RunRefusedException.Of(Mistakes);
}
