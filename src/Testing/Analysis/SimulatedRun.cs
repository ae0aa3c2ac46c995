using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>
/// A recorded run of asynchronous workers that was never run: its records are made while they are
/// read, so that one of any length needs no memory. Faults are planted by its terms. Each reading
/// gives the same records.
/// </summary>
/// <param name="terms">What is simulated.</param>
public sealed class SimulatedRun(SimulationTerms terms) : IRunRecords
{
    /// <inheritdoc/>
    public RunFacts Facts { get; } = new()
    {
        Name = "simulated",
        Id = FormattableString.Invariant($"{terms.Seed:x8}"),
        Attempt = 1,
        Status = terms.Status,
        Pipeline = FormattableString.Invariant($$"""{ "seed": {{terms.Seed}}, "consistency": { "type": "asynchronous" } }"""),
        Clock = ClockKind.Virtual,
        Workers = terms.Workers,
        Classes = terms.Classes,
        KernelPath = "simulated",
        Settings = terms.Settings,
    };

    /// <inheritdoc/>
    public IRecordReader<PushRecord> OpenPushes() => new SimulatedPushes(terms);

    /// <inheritdoc/>
    public IRecordReader<EvaluationRecord> OpenEvaluations() => new ListReader<EvaluationRecord>("evaluations.csv", Evaluations());

    /// <inheritdoc/>
    public IRecordReader<ConfusionRecord> OpenConfusions() => new ListReader<ConfusionRecord>("confusions.csv", Confusions());

    /// <inheritdoc/>
    public IRecordReader<RunEvent> OpenEvents() => new ListReader<RunEvent>("events.csv", []);

    /// <inheritdoc/>
    public IRecordReader<PartitionRecord> OpenPartitions() => new ListReader<PartitionRecord>("partitions.csv", Partitions());

    private IEnumerable<PartitionRecord> Partitions()
    {
        for (var worker = 0; worker < terms.Workers; worker++)
        {
            var counts = terms.ClassCounts(worker);
            yield return new PartitionRecord(worker, counts.Sum(), 0, counts);
        }
    }

    private IEnumerable<EvaluationRecord> Evaluations()
    {
        var random = new RandomStreams(terms.Seed).Open("evaluations");
        for (var n = 0; n <= terms.Evaluations; n++)
        {
            var version = terms.Pushes * n / Math.Max(1, terms.Evaluations);
            var loss = terms.Loss(version) * (1 + (0.01 * SimulatedPushes.Normal(random)));
            yield return new EvaluationRecord
            {
                Event = 2 * version,
                Version = version,
                Epoch = version / 100.0,
                At = (long)(version * terms.MeanMs(0) * 1e6 / terms.Workers),
                TestLoss = loss,
                TestAccuracy = terms.Classes > 0 ? Math.Clamp(100 - (40 * loss), 100.0 / terms.Classes, 100) : double.NaN,
                LargestPredictedShare = 0.2,
                ParameterNorm = 1,
                Duration = 1,
            };
        }
    }

    // What is taken for another class is taken for the next one.
    private IEnumerable<ConfusionRecord> Confusions()
    {
        if (terms.Recall is not { } recall)
        {
            yield break;
        }

        var random = new RandomStreams(terms.Seed).Open("confusions");
        for (var label = 0; label < terms.Classes; label++)
        {
            var predicted = new long[terms.Classes];
            for (var sample = 0; sample < terms.TestPerClass; sample++)
            {
                predicted[random.NextDouble() < recall(label) ? label : (label + 1) % terms.Classes]++;
            }

            yield return new ConfusionRecord(2 * terms.Pushes, terms.Pushes, SampleSet.Test, label, predicted);
        }
    }

    private sealed class ListReader<TRecord>(string file, IEnumerable<TRecord> records) : IRecordReader<TRecord>
    {
        private readonly IEnumerator<TRecord> rest = records.GetEnumerator();

        public RecordPlace Place { get; private set; } = new(file, 0);

        public string? Problem => null;

        public bool TryRead(out TRecord record)
        {
            var isThere = rest.MoveNext();
            record = isThere ? rest.Current : default!;
            Place = isThere ? new RecordPlace(file, Math.Max(1, Place.Line) + 1) : Place;
            return isThere;
        }

        public void Dispose() => rest.Dispose();
    }
}

/// <summary>What is simulated; the defaults are a run without any fault.</summary>
public sealed record SimulationTerms
{
    /// <summary>Seed of all that is drawn.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Workers, at least 1.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Pushes, at least 0.</summary>
    public long Pushes { get; init; } = 4000;

    /// <summary>
    /// Evaluations beside the one before the first update; at most as many are made in memory as
    /// are asked for.
    /// </summary>
    public int Evaluations { get; init; } = 10;

    /// <summary>Classes of the samples; 0 for none.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>
    /// Probability that a test sample of a class is recognised at the end; null where it is not
    /// counted.
    /// </summary>
    public Func<int, double>? Recall { get; init; }

    /// <summary>Test samples of each class.</summary>
    public int TestPerClass { get; init; } = 200;

    /// <summary>How the run ended.</summary>
    public RunStatus Status { get; init; } = RunStatus.Completed;

    /// <summary>What tells it from others.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Mean of a worker's durations, ms.</summary>
    public Func<int, double> MeanMs { get; init; } = _ => 10;

    /// <summary>Standard deviation over mean of durations, below .3.</summary>
    public double Variation { get; init; } = 0.1;

    /// <summary>Factor of all durations from a push on.</summary>
    public Func<long, double> Pace { get; init; } = _ => 1;

    /// <summary>Mean loss of a push at a version.</summary>
    public Func<long, double> Loss { get; init; } = version => 0.3 + (2 * Math.Pow(0.998, version));

    /// <summary>Standard deviation of a push's loss over its mean.</summary>
    public double LossNoise { get; init; } = 0.2;

    /// <summary>Samples of each class in a worker's partition.</summary>
    public Func<int, IReadOnlyList<long>> ClassCounts { get; init; } = worker =>
        [.. Enumerable.Range(0, 10).Select(c => 100L + (((worker * 7) + (c * 3)) % 10))];
}
