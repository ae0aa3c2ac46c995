namespace Orchestrator.Sweeps;

/// <summary>
/// What a sweep will take, before it begins. Estimates: times are of this machine, now.
/// </summary>
/// <param name="Cells">Combinations of axis values.</param>
/// <param name="Runs">Runs that are known by now; more may follow where the sweep decides on the
/// way.</param>
/// <param name="MostRuns">The most that there can be.</param>
/// <param name="Done">Runs that are complete.</param>
/// <param name="Failed">Runs that have failed.</param>
/// <param name="Jobs">Runs at a time.</param>
/// <param name="SecondsLeft">Time that the runs left will take with so many jobs; where the sweep
/// decides on the way, of those known by now.</param>
/// <param name="IsMeasured">Whether the time rests on runs that are complete; else on a few
/// gradients computed now.</param>
/// <param name="MemoryBytes">Memory of the jobs at a time, data included.</param>
/// <param name="DiskBytes">Bytes that the runs left will write.</param>
public sealed record SweepForecast(
    int Cells, int Runs, int MostRuns, int Done, int Failed, int Jobs, double SecondsLeft, bool IsMeasured, long MemoryBytes, long DiskBytes)
{
    /// <summary>Seconds of one run that is left, by its cell's key.</summary>
    public required IReadOnlyDictionary<string, double> SecondsByCell { get; init; }

    /// <summary>
    /// Of the runs that are complete, those that are run again first, to see whether what an earlier
    /// build made counts; their time is in <see cref="SecondsLeft"/>.
    /// </summary>
    public int Again { get; private init; }

    private const int BytesPerPush = 190;
    private const int BytesPerEvaluation = 130;
    private const int BytesPerRun = 24_000;
    private const double LongWithCheckpoints = 60;
    private const int CheckpointsKept = 2;

    // Of a process, beside what its run takes, and of a run, beside its gradients.
    private const long BytesPerProcess = 64 << 20;
    private const double SecondsPerRun = 0.04;

    // An evaluation is a forward pass: about a third of a gradient.
    private const double ForwardShare = 1 / 3.0;

    /// <summary>Makes a forecast.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="planner">What planned it, with the data that it read.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="jobs">Runs at a time.</param>
    public static SweepForecast Of(SweepPlan plan, SweepPlanner planner, ISweepResults results, int jobs)
    {
        var state = new Agenda(plan).Look(results);
        var seconds = SecondsOfDone(state, results);
        var probe = new GradientProbe(planner.Data);
        var cells = new Dictionary<int, (double Seconds, double Bytes)>();
        var (left, bytes) = (0.0, 0.0);
        foreach (var wanted in state.Wanted)
        {
            if (!cells.TryGetValue(wanted.Run.Cell.Index, out var cost))
            {
                cells.Add(wanted.Run.Cell.Index, cost = Cost(wanted.Run.Cell, probe, seconds));
            }

            left += cost.Seconds;
            bytes += cost.Bytes;
        }

        var largest = plan.Cells.Max(cell => Math.Max(cell.Memory.Total, cell.Memory.Total - cell.Memory.Data + DataBytes(cell)));
        return new SweepForecast(
            plan.Cells.Count,
            state.Known.Count,
            plan.Rounds.Max(round => round.Levels.Count) * plan.Cells.Count,
            state.Known.Count - state.Wanted.Count - state.Failed.Count,
            state.Failed.Count,
            jobs,
            left / Math.Min(jobs, Math.Max(1, state.Wanted.Count)),
            seconds is not null,
            (largest + BytesPerProcess) * Math.Min(jobs, Math.Max(1, state.Wanted.Count)),
            (long)bytes)
        {
            SecondsByCell = cells.ToDictionary(cell => plan.Cells[cell.Key].Key, cell => cell.Value.Seconds),
        };
    }

    /// <summary>With runs that are run again first.</summary>
    public SweepForecast With(IReadOnlyList<(PlannedRun Run, CompletedRun Before)> again) => this with { Again = again.Count, SecondsLeft = SecondsLeft + again.Sum(tried => tried.Before.WallSeconds) };

    // Per gradient, of what is done.
    private static double? SecondsOfDone(AgendaState state, ISweepResults results)
    {
        var (time, gradients) = (0.0, 0.0);
        var open = state.Wanted.Select(wanted => wanted.Run.Key).Concat(state.Failed.Select(run => run.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var cell in state.Known.Where(wanted => wanted.Mark is null && !open.Contains(wanted.Run.Key)).GroupBy(wanted => wanted.Run.Cell.Index))
        {
            List<CompletedRun> done = [.. cell.Select(wanted => results.Completed(wanted.Run.Key)).OfType<CompletedRun>().Where(run => run is { Status: "completed", WallSeconds: > 0 })];
            time += done.Sum(run => run.WallSeconds);
            gradients += done.Count == 0 ? 0 : done.Count * WorkEstimate.Of(cell.First().Run.Cell).Gradients;
        }

        return gradients > 0 ? time / gradients : null;
    }

    private static (double Seconds, double Bytes) Cost(Cell cell, GradientProbe probe, double? secondsPerGradient)
    {
        var work = WorkEstimate.Of(cell);
        var perGradient = secondsPerGradient ?? probe.Seconds(cell);
        var evaluation = secondsPerGradient is null ? perGradient / WorkEstimate.BatchOf(cell) * ForwardShare * Evaluated(cell) : 0;
        var time = cell.Pipeline is { Clock: Abstractions.ClockKind.Wall, Stop.Seconds: { } wall } ? wall : (work.Gradients * perGradient) + (work.Evaluations * evaluation) + (secondsPerGradient is null ? SecondsPerRun : 0);
        var bytes = BytesPerRun + (work.Pushes * BytesPerPush) + (work.Evaluations * BytesPerEvaluation) + (work.Snapshots * cell.Memory.Parameters)
            + (time > LongWithCheckpoints ? CheckpointsKept * (double)cell.Memory.Checkpoint : 0);
        return (time, bytes);
    }

    // Samples of one evaluation. The shape counts the samples that are trained with; of what is kept
    // for validation a share says how many there were.
    private static double Evaluated(Cell cell)
    {
        var sets = cell.Pipeline.Evaluation.Sets;
        var kept = sets?.Validation is { } validation ? validation.Share ?? (1.0 / validation.Folds!.Value) : 0;
        return cell.Shape.TestCount + (sets is { Train: true } ? cell.Shape.TrainCount : 0) + (cell.Shape.TrainCount * kept / (1 - kept));
    }

    // Samples are kept as bytes or as floats; the larger is assumed.
    private static long DataBytes(Cell cell) => 4L * cell.Shape.SampleLength * (cell.Shape.TrainCount + cell.Shape.TestCount);
}
