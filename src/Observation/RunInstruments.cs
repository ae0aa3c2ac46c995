using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Engine;

namespace Orchestrator.Observation;

/// <summary>
/// A run as metrics, on the runtime's own <see cref="Meter"/>. Values that are not finite are left
/// out of histograms; cancelled pushes are counted and measured nowhere else.
/// </summary>
public sealed class RunInstruments : IRunObserver, IDisposable
{
    // Hosts are numbered as they join, and one that comes and goes may use up any number of them.
    /// <summary>Worker hosts that are told apart; all others share a name.</summary>
    public const int MostHosts = 32;

    private static readonly object[] Decisions = ["applied", "buffered", "dropped", "cancelled"];
    private static readonly object[] HostNames = [.. Enumerable.Range(0, MostHosts).Select(h => (object)h.ToString(CultureInfo.InvariantCulture)), "more"];

    private readonly Meter meter;
    private readonly KeyValuePair<string, object?>[] run;
    private readonly RunProgress progress;
    private readonly WorkerGroups groups;
    private readonly Throughput throughput;
    private readonly Counter<long> pushes;
    private readonly Counter<long> samples;
    private readonly Histogram<long> staleness;
    private readonly Histogram<double> gap;
    private readonly Histogram<double> gradientNorm;
    private readonly Histogram<double> loss;
    private readonly Histogram<double> compute;
    private readonly Histogram<double> queue;
    private readonly Histogram<double> wire;
    private readonly Gauge<double> learningRate;
    private readonly Gauge<double> accuracy;
    private readonly Gauge<double> testLoss;
    private readonly Gauge<double> trainAccuracy;
    private readonly Gauge<double> trainLoss;
    private readonly Gauge<double> validationAccuracy;
    private readonly Gauge<double> validationLoss;

    /// <param name="meter">The run's, and no other run's; disposed of with this.</param>
    /// <param name="of">The run, whose names each measurement carries.</param>
    /// <param name="progress">Read when metrics are collected.</param>
    /// <param name="dropped">Records that observers missed, read when metrics are
    /// collected.</param>
    /// <param name="mostWorkers">Values that the worker attribute takes at most.</param>
    public RunInstruments(Meter meter, ObservedRun of, RunProgress progress, Func<long> dropped, int mostWorkers)
    {
        (this.meter, this.progress) = (meter, progress);
        groups = new WorkerGroups(of.Workers, mostWorkers);
        throughput = new Throughput(progress);
        run =
        [
            new(TelemetryNames.RunAttribute, of.Id), new(TelemetryNames.OptimizerAttribute, of.Optimizer),
            new(TelemetryNames.ConsistencyAttribute, of.Consistency), new(TelemetryNames.TransportAttribute, of.Transport),
        ];
        pushes = meter.CreateCounter<long>(TelemetryNames.Pushes, "{push}", "Pushes by what became of them: applied, buffered, dropped, cancelled.");
        samples = meter.CreateCounter<long>(TelemetryNames.Samples, "{sample}", "Samples of pushes that were applied or buffered.");
        staleness = Histogram<long>(TelemetryNames.Staleness, "{update}", "Version at arrival minus version at pull.", Buckets.Staleness);
        gap = Histogram<double>(TelemetryNames.Gap, "1", "Distance between the parameters a gradient was computed on and those it meets, L2 norm / sqrt(k).", Buckets.Gap);
        gradientNorm = Histogram<double>(TelemetryNames.GradientNorm, "1", "L2 norm of the push as it came.", Buckets.Norm);
        loss = Histogram<double>(TelemetryNames.Loss, "1", "Mean training loss of the push.", Buckets.Loss);
        compute = Histogram<double>(TelemetryNames.Compute, "s", "Real time of a push's computation.", Buckets.Seconds);
        queue = Histogram<double>(TelemetryNames.Queue, "s", "Real time that a push waited for a core and, computed, for the server to take it.", Buckets.Seconds);
        wire = Histogram<double>(TelemetryNames.Wire, "s", "Real time that a push's work and result were under way between server and host; 0 within one process.", Buckets.Seconds);
        learningRate = meter.CreateGauge<double>(TelemetryNames.LearningRate, "1", "Learning rate of the last push.");
        accuracy = meter.CreateGauge<double>(TelemetryNames.EvaluationAccuracy, "%", "Test accuracy of the last evaluation.");
        testLoss = meter.CreateGauge<double>(TelemetryNames.EvaluationLoss, "1", "Mean test loss of the last evaluation.");
        trainAccuracy = meter.CreateGauge<double>(TelemetryNames.TrainAccuracy, "%", "Accuracy on the training samples at the last evaluation.");
        trainLoss = meter.CreateGauge<double>(TelemetryNames.TrainLoss, "1", "Mean loss on the training samples at the last evaluation.");
        validationAccuracy = meter.CreateGauge<double>(TelemetryNames.ValidationAccuracy, "%", "Accuracy on the samples kept for validation at the last evaluation.");
        validationLoss = meter.CreateGauge<double>(TelemetryNames.ValidationLoss, "1", "Mean loss on the samples kept for validation at the last evaluation.");
        Observe(dropped);
    }

    public void Pushed(in PushRecord record, in PushTimes times)
    {
        var decision = new TagList(run)
        {
            { TelemetryNames.WorkerAttribute, groups[record.Worker] },
            { TelemetryNames.DecisionAttribute, Decisions[(int)record.Decision] },
        };
        pushes.Add(1, decision);
        if (record.Decision == PushDecision.Cancelled)
        {
            return;
        }

        if (record.Decision != PushDecision.Dropped)
        {
            samples.Add(record.Samples, new TagList(run) { { TelemetryNames.WorkerAttribute, groups[record.Worker] } });
        }

        var tags = new TagList(run)
        {
            { TelemetryNames.WorkerAttribute, groups[record.Worker] },
            { TelemetryNames.HostAttribute, HostNames[Math.Clamp(record.Host, 0, MostHosts)] },
        };
        staleness.Record(record.Staleness, tags);
        Finite(gap, record.GapRms, tags);
        Finite(gradientNorm, record.GradientNorm, tags);
        Finite(loss, record.Loss, tags);
        compute.Record(record.ComputeTime / 1e9, tags);
        queue.Record(times.Queue / 1e9, tags);
        wire.Record(times.Wire / 1e9, tags);
        learningRate.Record(record.LearningRate, run);
    }

    public void Evaluated(in EvaluationRecord record)
    {
        Finite(accuracy, record.TestAccuracy);
        Finite(testLoss, record.TestLoss);
        Finite(trainAccuracy, record.Train?.Accuracy);
        Finite(trainLoss, record.Train?.Loss);
        Finite(validationAccuracy, record.Validation?.Accuracy);
        Finite(validationLoss, record.Validation?.Loss);
    }

    public void Happened(RunEvent record)
    {
    }

    public void Dispose() => meter.Dispose();

    private void Finite(Gauge<double> gauge, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            gauge.Record(number, run);
        }
    }

    private static void Finite(Histogram<double> histogram, double value, in TagList tags)
    {
        if (double.IsFinite(value))
        {
            histogram.Record(value, tags);
        }
    }

    private Histogram<T> Histogram<T>(string name, string unit, string description, T[] buckets) where T : struct =>
        meter.CreateHistogram(name, unit, description, null, new InstrumentAdvice<T> { HistogramBucketBoundaries = buckets });

    private void Observe(Func<long> dropped)
    {
        meter.CreateObservableGauge(TelemetryNames.Version, () => new Measurement<long>(progress.Updates, run), "{update}", "Updates so far.");
        meter.CreateObservableGauge(TelemetryNames.Epoch, () => new Measurement<double>(progress.Epoch, run), "{epoch}", "Samples of applied pushes / training samples.");
        meter.CreateObservableUpDownCounter(TelemetryNames.Workers, () => new Measurement<int>(progress.Workers, run), "{worker}", "Workers that have not left.");
        meter.CreateObservableUpDownCounter(TelemetryNames.Hosts, () => new Measurement<int>(progress.Hosts, run), "{host}", "Worker hosts that are there, the run's own process included.");
        meter.CreateObservableGauge(TelemetryNames.Throughput, () => new Measurement<double>(throughput.PerSecond, run), "{update}/s", "Updates per second of real time, over about the last five seconds.");
        meter.CreateObservableCounter(TelemetryNames.TransportBytes, Traffic, "By", "Bytes between server and hosts, by direction: down carries work, up results; 0 for the run's own process.");
        meter.CreateObservableCounter(TelemetryNames.Dropped, () => new Measurement<long>(dropped(), run), "{record}", "Records that observers missed because they came too fast.");
    }

    private IEnumerable<Measurement<long>> Traffic() =>
        from host in progress.Traffic
        group host by HostNames[Math.Clamp(host.Host, 0, MostHosts)] into named
        from direction in new[] { (Name: "down", Bytes: named.Sum(h => h.BytesDown)), (Name: "up", Bytes: named.Sum(h => h.BytesUp)) }
        select new Measurement<long>(direction.Bytes, [.. run, new(TelemetryNames.HostAttribute, named.Key), new(TelemetryNames.DirectionAttribute, direction.Name)]);
}
