namespace Orchestrator.Sweeps;

/// <summary>A run that is wanted now.</summary>
/// <param name="Run">Which.</param>
/// <param name="Mark">The epoch at which it pauses; null runs it to its end.</param>
public sealed record WantedRun(PlannedRun Run, double? Mark = null);

/// <summary>
/// Where a sweep stands: a pure function of its plan and of what has been completed, so that every
/// process that looks sees the same.
/// </summary>
public sealed record AgendaState
{
    /// <summary>Runs of the sweep that are known by now, whatever their state.</summary>
    public required IReadOnlyList<WantedRun> Known { get; init; }

    /// <summary>
    /// Of those, the ones that are neither done nor failed, in the order in which they are best
    /// taken.
    /// </summary>
    public required IReadOnlyList<WantedRun> Wanted { get; init; }

    /// <summary>Runs that have failed.</summary>
    public required IReadOnlyList<PlannedRun> Failed { get; init; }

    /// <summary>Whether nothing is left to run, and nothing has failed.</summary>
    public bool IsComplete => Wanted.Count == 0 && Failed.Count == 0;

    /// <summary>The settings that the table shows.</summary>
    public required IReadOnlyList<CellGroup> Groups { get; init; }

    /// <summary>What their runs differ by, for the table.</summary>
    public required IReadOnlyList<SeedLevels> Levels { get; init; }

    /// <summary>What was decided so far, in sentences.</summary>
    public required IReadOnlyList<string> Decisions { get; init; }

    /// <summary>
    /// A state. Each open run is looked at once: one that fails meanwhile is either wanted or has
    /// failed.
    /// </summary>
    /// <param name="known">Runs that are known.</param>
    /// <param name="open">Of those, the ones without the result that is wanted of them.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="groups">The settings that the table shows.</param>
    /// <param name="levels">What their runs differ by.</param>
    /// <param name="decisions">What was decided so far.</param>
    internal static AgendaState Of(
        IReadOnlyList<WantedRun> known, IEnumerable<WantedRun> open, ISweepResults results, IReadOnlyList<CellGroup> groups, IReadOnlyList<SeedLevels> levels,
        IReadOnlyList<string> decisions)
    {
        var byEnd = open.ToLookup(wanted => results.HasFailed(wanted.Run.Key));
        return new AgendaState
        {
            Known = known,
            Wanted = [.. byEnd[false]],
            Failed = [.. byEnd[true].Select(wanted => wanted.Run)],
            Groups = groups,
            Levels = levels,
            Decisions = decisions,
        };
    }
}

/// <summary>Says which runs of a sweep are wanted.</summary>
/// <param name="plan">The sweep.</param>
public sealed class Agenda(SweepPlan plan)
{
    private readonly Dictionary<(int Cell, SeedLevels Levels), PlannedRun> runs = [];

    /// <summary>Where the sweep stands.</summary>
    /// <param name="results">What has been completed.</param>
    public AgendaState Look(ISweepResults results) => plan switch
    {
        { Settings.Search: Composition.SuccessiveHalving halving } => new Halving(plan, halving, Run).Look(results),
        { Until: { } until } => new GrowingSeeds(plan, until, Run).Look(results),
        _ => new Stages(plan, Run).Look(results),
    };

    /// <summary>A cell's run with a seed; each is made once.</summary>
    public PlannedRun Run(Cell cell, SeedLevels levels)
    {
        if (!runs.TryGetValue((cell.Index, levels), out var run))
        {
            runs.Add((cell.Index, levels), run = SweepPlan.Run(cell, levels));
        }

        return run;
    }
}
