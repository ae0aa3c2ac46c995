using System.Buffers.Binary;
using System.Diagnostics;
using Orchestrator.Abstractions;
using Orchestrator.Engine;

namespace Orchestrator.Observation;

/// <summary>
/// A run as traces, on the runtime's own <see cref="ActivitySource"/>: one span for the run, and
/// for each push that the rule takes a trace of its own, pull, compute, push, queue, apply, each
/// the parent of the next, linked to the run's span. Spans are made after the fact from recorded
/// times. Where a worker host of another process makes compute and push itself
/// (<see cref="HostTraces"/>), pull is begun when the work leaves, because its name travels with
/// it.
/// </summary>
public sealed class RunTraces : IRunObserver, IPullTraces, IDisposable
{
    private static readonly string[] Decisions = ["applied", "buffered", "dropped", "cancelled"];

    private readonly ActivitySource source;
    private readonly ObservedRun of;
    private readonly TraceRule rule;
    private readonly ActivityLink[] links;

    /// <param name="source">Where the run's spans come from, and no other run's; disposed of with
    /// this.</param>
    /// <param name="of">The run.</param>
    /// <param name="rule">Which pushes are traced.</param>
    public RunTraces(ActivitySource source, ObservedRun of, TraceRule rule)
    {
        (this.source, this.of, this.rule) = (source, of, rule);
        var outer = Activity.Current;
        Run = source.StartActivity(TelemetryNames.RunSpan, ActivityKind.Internal, default(ActivityContext), RunTags());
        Activity.Current = outer;
        links = Run is null ? [] : [new ActivityLink(Run.Context)];
    }

    /// <summary>The run's span; null when nobody listens.</summary>
    public Activity? Run { get; }

    public bool Takes(int worker, long gradient, long staleness) => rule.Takes(worker, gradient, staleness);

    public Activity? Begin()
    {
        var outer = Activity.Current;
        var pull = source.StartActivity(TelemetryNames.PullSpan, ActivityKind.Producer, default(ActivityContext), links: links);
        Activity.Current = outer;
        return pull;
    }

    /// <summary>What travelled, as the parent of a span; of another process.</summary>
    internal static ActivityContext ContextOf(in SpanContext named)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, named.TraceHigh);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], named.TraceLow);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], named.Span);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(bytes[..16]), ActivitySpanId.CreateFromBytes(bytes[16..]), ActivityTraceFlags.Recorded, isRemote: true);
    }

    public void Pushed(in PushRecord record, in PushTimes times)
    {
        if (!Takes(record.Worker, record.Gradient, record.Staleness))
        {
            return;
        }

        // After a checkpoint, the pull was another process's.
        var pulled = times.Pulled > 0 ? times.Pulled : times.Posted;
        var tags = Tags(record);
        if (record.Decision == PushDecision.Cancelled)
        {
            pulled = pulled > 0 ? pulled : times.Handled;
            Pull(times, pulled, times.Handled, tags);
            return;
        }

        // The pull ends when a core begins: until then the work is on its way or waits.
        var place = tags.AsSpan(0, 3).ToArray();
        var pull = Pull(times, pulled, times.Started, tags);
        var push = times.PushSpan != 0
            ? ContextOf(SpanContext.Of(times.Pull) with { Span = times.PushSpan })
            : Span(
                TelemetryNames.PushSpan, ActivityKind.Producer, Span(TelemetryNames.ComputeSpan, ActivityKind.Consumer, pull, times.Started, times.Computed, place),
                times.Computed, times.Received, place);
        var queue = Span(TelemetryNames.QueueSpan, ActivityKind.Consumer, push, times.Received, times.Taken, place);
        Span(TelemetryNames.ApplySpan, ActivityKind.Internal, queue, times.Taken, times.Handled, tags);
    }

    public void Evaluated(in EvaluationRecord record)
    {
        // Readers of JSON refuse what is not finite, and the whole trace with it.
        var values = new List<KeyValuePair<string, object?>> { new(TelemetryNames.VersionAttribute, record.Version) };
        Add(values, TelemetryNames.EvaluationLoss, record.TestLoss);
        Add(values, TelemetryNames.EvaluationAccuracy, record.TestAccuracy);
        Add(values, TelemetryNames.TrainLoss, record.Train?.Loss ?? double.NaN);
        Add(values, TelemetryNames.TrainAccuracy, record.Train?.Accuracy ?? double.NaN);
        Add(values, TelemetryNames.ValidationLoss, record.Validation?.Loss ?? double.NaN);
        Add(values, TelemetryNames.ValidationAccuracy, record.Validation?.Accuracy ?? double.NaN);
        Run?.AddEvent(new ActivityEvent("evaluation", tags: [.. values]));
    }

    public void Happened(RunEvent record) => Run?.AddEvent(new ActivityEvent(record.Kind, tags: new ActivityTagsCollection { ["message"] = record.Message }));

    /// <summary>Ends the run's span.</summary>
    /// <param name="status">The run's status, in a word.</param>
    /// <param name="failed">Whether it counts as an error.</param>
    public void End(string status, bool failed)
    {
        Run?.SetTag("orchestrator.run.status", status);
        Run?.SetStatus(failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        Run?.Stop();
    }

    public void Dispose() => source.Dispose();

    private ActivityContext Pull(in PushTimes times, long from, long to, KeyValuePair<string, object?>[] tags)
    {
        if (times.Pull is not { } begun)
        {
            return Span(TelemetryNames.PullSpan, ActivityKind.Producer, default, from, to, tags, links);
        }

        foreach (var (name, value) in tags)
        {
            begun.SetTag(name, value);
        }

        begun.SetStartTime(WallTime.Utc(from)).SetEndTime(WallTime.Utc(Math.Max(from, to))).Stop();
        return begun.Context;
    }

    private ActivityContext Span(
        string name, ActivityKind kind, ActivityContext parent, long from, long to, KeyValuePair<string, object?>[] tags, ActivityLink[]? linked = null)
    {
        using var span = source.StartActivity(name, kind, parent, tags, linked, WallTime.Utc(from));
        span?.SetEndTime(WallTime.Utc(Math.Max(from, to)));
        return span?.Context ?? default;
    }

    private KeyValuePair<string, object?>[] RunTags() =>
    [
        new(TelemetryNames.RunAttribute, of.Id), new(TelemetryNames.NameAttribute, of.Name), new(TelemetryNames.OptimizerAttribute, of.Optimizer),
        new(TelemetryNames.ConsistencyAttribute, of.Consistency), new(TelemetryNames.TransportAttribute, of.Transport),
        new(TelemetryNames.ClockAttribute, of.IsVirtual ? "virtual" : "wall"), new("orchestrator.workers", of.Workers),
        .. of.Labels.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value)),
    ];

    // Worker, gradient and host first: every span of the trace has them.
    private KeyValuePair<string, object?>[] Tags(in PushRecord record)
    {
        List<KeyValuePair<string, object?>> tags =
        [
            new(TelemetryNames.WorkerAttribute, record.Worker), new(TelemetryNames.GradientAttribute, record.Gradient), new(TelemetryNames.HostAttribute, record.Host),
            new(TelemetryNames.RunAttribute, of.Id), new(TelemetryNames.BatchAttribute, record.Batch), new(TelemetryNames.SamplesAttribute, record.Samples),
            new(TelemetryNames.DecisionAttribute, Decisions[(int)record.Decision]), new(TelemetryNames.VersionPulledAttribute, record.VersionPulled),
            new(TelemetryNames.VersionAttribute, record.Version), new(TelemetryNames.StalenessAttribute, record.Staleness),
            new(TelemetryNames.LearningRateAttribute, record.LearningRate),
        ];
        Add(tags, TelemetryNames.GapAttribute, record.GapRms);
        Add(tags, TelemetryNames.LossAttribute, record.Loss);
        Add(tags, TelemetryNames.GradientNormAttribute, record.GradientNorm);
        Add(tags, TelemetryNames.UpdateNormAttribute, record.UpdateNorm);
        if (of.IsVirtual)
        {
            tags.Add(new(TelemetryNames.VirtualPulledAttribute, record.PulledAt / 1e9));
            tags.Add(new(TelemetryNames.VirtualArrivedAttribute, record.ArrivedAt / 1e9));
        }

        return [.. tags];
    }

    private static void Add(List<KeyValuePair<string, object?>> tags, string name, double value)
    {
        if (double.IsFinite(value))
        {
            tags.Add(new(name, value));
        }
    }
}
