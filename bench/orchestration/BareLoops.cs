using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Bench.Orchestration;

/// <summary>Gather, gradient, update, on two threads that share nothing.</summary>
internal sealed class BareLoops(Parts parts) : Side
{
    private readonly List<Thread> threads = [];
    private volatile bool ends;

    protected override void Begin()
    {
        for (var i = 0; i < Threads; i++)
        {
            var first = i * 31;
            threads.Add(new Thread(() => Loop(first)) { Name = "bare" });
            threads[^1].Start();
        }
    }

    protected override void End() => ends = true;

    protected override void Ended() => threads.ForEach(thread => thread.Join());

    private void Loop(int first)
    {
        var (objective, train) = (parts.Objective, parts.Data.Train);
        var length = objective.Layout.Length;
        using var replica = objective.CreateReplica(Batch);
        using var parameters = new NativeVector(length);
        using var gradient = new NativeVector(length);
        using var inputs = new NativeVector(Batch * parts.Shape.SampleLength);
        using var state = new RuleState(length, 1);
        var stream = new RandomStreams(1).Open("init");
        objective.Initialize(stream, parameters.Span, default);
        var sgd = parts.Load("wall", 2, "in-process").Optimizer.Rule.Create<IOptimizer>();
        sgd.Attach(new RuleContext(objective.Layout, 1, state));
        var (rows, labels) = (new int[Batch], new int[Batch]);
        for (var update = 0; !ends; update++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = ((update * Batch) + i + first) % train.Count;
                labels[i] = train.Labels[rows[i]];
            }

            train.Gather(rows, inputs.Span);
            replica.Gradient(parameters.Span, default, new Batch(inputs.Span, labels, Batch), stream, gradient.Span, default);
            sgd.Apply(new Update(update, 0, 1, 0, Batch, 0.005, 0.005, 0), gradient.Span, parameters.Span);
            Pass();
        }
    }
}
