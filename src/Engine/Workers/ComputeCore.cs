using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>What a worker host must know of an experiment to compute any worker's push.</summary>
internal sealed class HostPlan(Experiment experiment)
{
    private readonly RandomStreams streams = experiment.Streams;

    /// <summary>Streams of the batches' own randomness, by worker.</summary>
    public StreamKey[] BatchKeys => field ??= streams.Keys("dropout", experiment.Workers);

    /// <summary>Streams of the worker rule, by worker.</summary>
    public StreamKey[] RuleKeys => field ??= streams.Keys("rule", experiment.Workers);

    public IObjective Objective => experiment.Objective;

    public ISamples Train => experiment.Data.Train;

    public int SampleLength => experiment.Shape.SampleLength;

    public int Values => experiment.Shape.Values;

    public BatchOrder Batches { get; } = new(experiment.Partitions, experiment.Workers, experiment.BatchSize, experiment.Streams);

    /// <summary>Fetches the cache lines that a worker's batch needs.</summary>
    public void Prefetch(int worker)
    {
        Batches.Prefetch(worker);
        CacheLines.Fetch(ref BatchKeys[worker]);
    }

    public IWorkerRule? NewRule() => experiment.WorkerRule?.Invoke();
}

/// <summary>
/// Computes pushes on one core: a replica, a gathered batch, a worker rule. Remembers nothing from
/// one push to the next.
/// </summary>
internal sealed class ComputeCore : IGradients, IDisposable
{
    private readonly HostPlan plan;
    private readonly IReplica replica;
    private readonly IWorkerRule? rule;
    private readonly NativeVector inputs;
    private readonly NativeVector scratch;
    private readonly int[] rows;
    private readonly int[] labels;
    private readonly float[] values;
    private readonly int[] orderScratch = new int[BatchOrder.ScratchLength];
    private readonly RandomStream stream = new(default);
    private readonly RandomStream ruleStream = new(default);
    private readonly int length;

    private HostWork current = null!;
    private IHostEnd link = null!;
    private int batchesDone;
    private double lossSum;
    private long samplesDone;

    public ComputeCore(HostPlan plan)
    {
        this.plan = plan;
        length = plan.Objective.Layout.Length;
        replica = plan.Objective.CreateReplica(plan.Batches.BatchSize);
        rule = plan.NewRule();
        rows = new int[plan.Batches.BatchSize];
        labels = new int[plan.Batches.BatchSize];
        values = new float[checked(plan.Batches.BatchSize * plan.Values)];
        inputs = new NativeVector(checked(plan.Batches.BatchSize * plan.SampleLength));
        scratch = new NativeVector(checked((rule?.ScratchVectors ?? 0) * length));
    }

    /// <summary>Computes the push of <paramref name="work"/> into its result.</summary>
    /// <param name="work">The work.</param>
    /// <param name="end">Where it came from, asked between gradients whether it was
    /// cancelled.</param>
    /// <returns>The mean loss over its samples.</returns>
    /// <exception cref="OperationCanceledException">The work was cancelled between two
    /// gradients.</exception>
    public double Run(HostWork work, IHostEnd end)
    {
        (current, link) = (work, end);
        (batchesDone, lossSum, samplesDone) = (0, 0, 0);
        var push = work.Result.Slice(0, length);
        var sent = work.Work.Sent.Slice(0, length);
        if (rule is null)
        {
            Next(sent, push);
        }
        else
        {
            RunRule(work, sent, push);
        }

        return lossSum / samplesDone;
    }

    void IGradients.Next(ReadOnlySpan<float> parameters, Span<float> gradient) => Next(parameters, gradient);

    public void Dispose()
    {
        replica.Dispose();
        inputs.Dispose();
        scratch.Dispose();
    }

    private void RunRule(HostWork work, ReadOnlySpan<float> sent, Span<float> push)
    {
        var state = work.Result.Span[^StateLength(work)..];
        work.Work.State?.Span.CopyTo(state);
        ruleStream.Reset(plan.RuleKeys[work.Work.Worker], work.Work.Gradient);
        rule!.Run(
            new WorkerRuleWork
            {
                Worker = work.Work.Worker,
                Gradient = work.Work.Gradient,
                LearningRate = work.Work.LearningRate,
                Sent = sent,
                State = state,
                Scratch = scratch.Span,
                Random = ruleStream,
            },
            this,
            push);
        if (batchesDone != rule.Batches)
        {
            throw new InvalidOperationException($"The worker rule announced {rule.Batches} gradients for a push and took {batchesDone}.");
        }
    }

    private void Next(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        if (link.IsCancelled(current))
        {
            throw new OperationCanceledException();
        }

        var (worker, batch) = (current.Work.Worker, current.Work.Batch + batchesDone++);
        var count = plan.Batches.Rows(worker, batch, rows, stream, orderScratch);
        var filled = inputs.Slice(0, count * plan.SampleLength);
        plan.Train.Gather(rows.AsSpan(0, count), filled);
        var all = plan.Train.Labels;
        for (var i = 0; i < count && !all.IsEmpty; i++)
        {
            labels[i] = all[rows[i]];
        }

        var wanted = plan.Train.Values;
        for (var i = 0; i < count && !wanted.IsEmpty; i++)
        {
            wanted.Slice(rows[i] * plan.Values, plan.Values).CopyTo(values.AsSpan(i * plan.Values));
        }

        stream.Reset(plan.BatchKeys[worker], batch);
        var buffers = plan.Objective.Layout.BufferLength;
        var loss = replica.Gradient(
            parameters,
            current.Work.Sent.Slice(length, buffers),
            new Batch(filled, labels.AsSpan(0, all.IsEmpty ? 0 : count), count, values.AsSpan(0, count * plan.Values)),
            stream,
            gradient,
            current.Result.Slice(length, buffers));
        lossSum += loss * count;
        samplesDone += count;
    }

    private static int StateLength(HostWork work) => work.Work.State?.Length ?? 0;
}
