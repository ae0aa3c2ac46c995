using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// What a run's page draws, aggregated in one pass over its rows: as much memory for a million
/// updates as for a thousand.
/// </summary>
internal sealed class RunData
{
    private const int MostBins = 400;
    private const int MostPartitions = 256;
    private const int MostPartitionCells = 16_384;

    // Pushes that an evaluation which is recorded late may lie behind.
    private const int Remembered = 65_536;

    private static readonly string[] PushColumns = ["loss", "staleness", "gap", "gradientNorm", "updateNorm"];
    private static readonly string[] EvaluationColumns = ["testLoss", "testAccuracy", "largestPredictedShare", "parameterNorm"];
    private static readonly string[] MoreSetsColumns = ["trainLoss", "trainAccuracy", "validationLoss", "validationAccuracy"];

    private static readonly SetScore Absent = new(double.NaN, double.NaN);

    private readonly Bins pushes = new(MostBins, PushColumns);
    private readonly Bins evaluations = new(MostBins, [.. EvaluationColumns, .. MoreSetsColumns]);
    private readonly WorkerGroups workers;
    private readonly StalenessCounts staleness;
    private readonly WorkerBins evolution;
    private readonly Waits waits;
    private readonly Timeline timeline;
    private readonly List<PartitionRecord> partitions = [];
    private double? measured;
    private long held;
    private double samples;

    // Samples by the end of each of the last pushes.
    private readonly List<(long Event, double Samples)> passed = [];

    /// <param name="workers">Of the run.</param>
    /// <param name="timeline">Takes the pushes that are shown one by one.</param>
    public RunData(int workers, Timeline timeline)
    {
        this.workers = new WorkerGroups(Math.Max(1, workers));
        this.timeline = timeline;
        staleness = new StalenessCounts(this.workers.Count);
        evolution = new WorkerBins(this.workers.Count);
        waits = new Waits(this.workers);
    }

    /// <summary>Whether any evaluation has an accuracy.</summary>
    public bool HasAccuracy { get; private set; }

    /// <summary>Partitions read.</summary>
    public long PartitionCount { get; private set; }

    /// <summary>Whether more was evaluated than the test samples.</summary>
    public bool HasMoreSets { get; private set; }

    /// <summary>How well each class is recognised; empty where it was not counted.</summary>
    public ClassFigures Classes { get; } = new();

    /// <summary>Who holds which natural group; null where the data has none.</summary>
    public GroupFigures? Groups { get; private set; }

    // Before the first evaluation all that the workers hold, which is the training samples where no
    // two hold the same.
    private double SamplesPerEpoch => measured ?? Math.Max(1, held);

    /// <summary>Reads a run.</summary>
    /// <param name="run">As read.</param>
    /// <param name="summary">Its summary.</param>
    /// <param name="problems">Takes why not all rows could be read.</param>
    public static RunData Read(RunEntry run, RunSummary summary, ICollection<string> problems)
    {
        var data = new RunData(summary.Workers, Timeline.Of(summary.Pushes));
        data.ReadRows(run.Folder, problems);
        data.ReadPartitions(run.Folder, problems);
        data.Classes.Read(run.Folder, problems);
        return data;
    }

    /// <summary>A column of the pushes by epoch.</summary>
    public IReadOnlyList<PlotPoint> Pushes(string column) => pushes.ToPoints(column, SamplesPerEpoch);

    /// <summary>A column of the evaluations by epoch.</summary>
    public IReadOnlyList<PlotPoint> Evaluations(string column) => evaluations.ToPoints(column, SamplesPerEpoch);

    /// <summary>How often each staleness came.</summary>
    public (IReadOnlyList<string> Names, IReadOnlyList<long> Counts, long Width) StalenessCounts() => staleness.ToBars();

    /// <summary>The data of the page.</summary>
    /// <param name="run">As read.</param>
    /// <param name="summary">Its summary.</param>
    public string ToJson(RunEntry run, RunSummary summary) => PageJson.Write(json =>
    {
        RunOfPage.Write(json, run, summary);
        json.WriteBoolean("hasAccuracy", HasAccuracy);
        json.WriteBoolean("isVirtual", summary.VirtualSeconds is not null);
        pushes.Write(json, "pushes", SamplesPerEpoch);
        evaluations.Write(json, "evaluations", SamplesPerEpoch, HasMoreSets ? null : EvaluationColumns.Length);
        if (!Classes.IsEmpty)
        {
            Classes.Write(json, "classes");
        }

        workers.Write(json, "workers");
        staleness.Write(json, "staleness");
        evolution.Write(json, "evolution");
        waits.Write(json, "waits");
        timeline.Write(json, "timeline");
        json.Object("partitions", () => WritePartitions(json));
        Groups?.Write(json, "groups");
    });

    // Evaluations stand between the pushes by their event numbers: both are read side by side, so
    // that each has its place on every axis.
    private void ReadRows(string folder, ICollection<string> problems)
    {
        using var updates = RunRows.Updates(folder);
        using var marks = RunRows.Evaluations(folder);
        var isEvaluation = marks.TryRead(out var evaluation);
        while (updates.TryRead(out var push))
        {
            for (; isEvaluation && evaluation.Event < push.Event; isEvaluation = marks.TryRead(out evaluation))
            {
                Add(evaluation);
            }

            Add(push);
        }

        for (; isEvaluation; isEvaluation = marks.TryRead(out evaluation))
        {
            Add(evaluation);
        }

        foreach (var problem in new[] { updates.Problem, marks.Problem }.OfType<string>())
        {
            problems.Add(problem);
        }
    }

    /// <summary>Takes the next push.</summary>
    public void Add(in PushRecord push)
    {
        var version = push.Version + (push.Decision == PushDecision.Applied ? 1 : 0);
        samples += push.Decision is PushDecision.Applied or PushDecision.Buffered ? push.Samples : 0;
        if (passed.Count == 2 * Remembered)
        {
            passed.RemoveRange(0, Remembered);
        }

        passed.Add((push.Event, samples));
        var (waited, whom) = waits.Add(push);
        workers.Add(push, waited);
        timeline.Add(push, waited, whom);
        if (push.Decision != PushDecision.Cancelled)
        {
            var group = workers.Of(push.Worker);
            staleness.Add(push, group);
            evolution.Add(push, group);
            pushes.Add(new(push.ArrivedAt, version, samples), [push.Loss, push.Staleness, push.GapRms, push.GradientNorm, push.UpdateNorm]);
        }
    }

    /// <summary>
    /// Takes an evaluation, after the pushes that it came after; later ones may have come already,
    /// as on the wall clock, where it is recorded when it is done.
    /// </summary>
    public void Add(in EvaluationRecord evaluation)
    {
        HasAccuracy |= double.IsFinite(evaluation.TestAccuracy);
        var seen = SamplesUpTo(evaluation.Event);
        measured = evaluation.Epoch > 0 && seen > 0 ? seen / evaluation.Epoch : measured;
        var (train, validation) = (evaluation.Train ?? Absent, evaluation.Validation ?? Absent);
        HasMoreSets |= evaluation.HasMoreSets;
        evaluations.Add(
            new(evaluation.At, evaluation.Version, seen),
            [
                evaluation.TestLoss, evaluation.TestAccuracy, evaluation.LargestPredictedShare, evaluation.ParameterNorm,
                train.Loss, train.Accuracy, validation.Loss, validation.Accuracy,
            ]);
    }

    private double SamplesUpTo(long number)
    {
        var (low, high) = (0, passed.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = passed[middle].Event <= number ? (middle + 1, high) : (low, middle);
        }

        return low > 0 ? passed[low - 1].Samples : 0;
    }

    /// <summary>Reads the partitions and who holds which groups, which do not change.</summary>
    public void ReadPartitions(string folder, ICollection<string> problems)
    {
        Groups = GroupFigures.Read(folder, problems);
        partitions.Clear();
        PartitionCount = 0;
        held = 0;
        using var rows = RunRows.Partitions(folder);
        while (rows.TryRead(out var row))
        {
            PartitionCount++;
            held += row.Samples;
            if (partitions.Count < MostPartitions && (partitions.Count + 1) * row.ClassCounts.Count <= MostPartitionCells)
            {
                partitions.Add(row);
            }
        }

        if (rows.Problem is { } problem)
        {
            problems.Add(problem);
        }
    }

    private void WritePartitions(Utf8JsonWriter json)
    {
        json.WriteNumber("count", PartitionCount);
        json.Integers("samples", partitions.Select(part => part.Samples));
        json.Numbers("labelDistance", partitions.Select(part => part.LabelDistance));
        json.WriteStartArray("classCounts");
        foreach (var part in partitions)
        {
            json.WriteStartArray();
            foreach (var count in part.ClassCounts)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
