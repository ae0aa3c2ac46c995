using Orchestrator.Abstractions;
using Orchestrator.Transports;

namespace Orchestrator.Engine.Tests;

/// <summary>
/// A least-squares problem small enough for exact tests, yet longer than one tile, with data, noise
/// and a stream of its own.
/// </summary>
internal static class SmallProblem
{
    public const int Length = 9_000;
    public const int TrainCount = 60;

    public static Experiment Experiment(int workers, Func<Experiment, Experiment>? change = null)
    {
        var experiment = new Experiment
        {
            Seed = 7,
            Clock = ClockKind.Virtual,
            Objective = new Objective(),
            Data = new Data(),
            Shape = new DatasetShape([1], ["a", "b"], TrainCount, 10),
            Partitions = Split(workers),
            Workers = workers,
            BatchSize = 4,
            Update = new UpdateRule(new HeavyBall(0.9f), [], [], 0.01, 0),
            Consistency = new Asynchronous(),
            Transport = new InProcess(),
            Delays = new WorkerDelays(new DelaySet(new Spread(), null, null), new Dictionary<int, DelaySet>()),
            Stop = new StopRule(Updates: 60),
            Evaluation = new EvaluationPlan(EveryUpdates: 25),
            Cores = 2,
        };
        return change is null ? experiment : change(experiment);
    }

    public static (Outcome Outcome, Log Log) Run(Experiment experiment) => RunUntil(experiment, TestContext.Current.CancellationToken);

    public static (Outcome Outcome, Log Log) RunUntil(Experiment experiment, CancellationToken stop)
    {
        var log = new Log();
        using var training = new Training(experiment, log, new RunProgress());
        return (training.Run(stop), log);
    }

    private static List<ReadOnlyMemory<int>> Split(int workers) =>
        [.. Enumerable.Range(0, workers).Select(w => (ReadOnlyMemory<int>)Enumerable.Range(0, TrainCount).Where(row => row % workers == w).ToArray())];

    /// <summary>Every record, in order.</summary>
    public sealed class Log : IRecorder
    {
        public List<PushRecord> Pushes { get; } = [];

        public List<EvaluationRecord> Evaluations { get; } = [];

        public List<RunEvent> Events { get; } = [];

        void IRecorder.Push(in PushRecord record) => Pushes.Add(record);

        void IRecorder.Evaluation(in EvaluationRecord record) => Evaluations.Add(record);

        void IRecorder.Event(RunEvent record) => Events.Add(record);

        /// <summary>
        /// What must not depend on cores or repetition: everything but real times and hosts.
        /// </summary>
        public IEnumerable<object> Reproducible() =>
            Pushes.Select(p => (object)(p with { ComputeTime = 0, Host = 0 })).Concat(Evaluations.Select(e => (object)(e with { Duration = 0 })));
    }

    public sealed class Data : ILoadedDataset, ISamples
    {
        private static readonly int[] AllLabels = [.. Enumerable.Range(0, TrainCount).Select(i => i % 2)];

        private readonly int count = TrainCount;

        public Data()
        {
        }

        private Data(int count) => this.count = count;

        public ISamples Train => this;

        public ISamples Test => new Data(10);

        public string Fingerprint => "small";

        public int Count => count;

        public ReadOnlySpan<int> Labels => AllLabels.AsSpan(0, count);

        public void Gather(ReadOnlySpan<int> rows, Span<float> inputs)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                inputs[i] = 1 + (rows[i] / 10f);
            }
        }
    }

    /// <summary>Loss 1/2 |theta - x|² with noise on the gradient.</summary>
    public sealed class Objective : IObjective
    {
        public ParameterLayout Layout { get; } = new([new NamedTensor("theta", [Length], 0)], []);

        public string KernelPath => "test";

        public Action<int>? BeforeGradient { get; init; }

        public Action? BeforeEvaluation { get; init; }

        /// <summary>Called when a replica is let go of.</summary>
        public Action? WhenFreed { get; init; }

        public long ReplicaBytes(int largestBatch) => 0;

        public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
        {
            foreach (ref var p in parameters)
            {
                p = random.NextSingle();
            }
        }

        public IReplica CreateReplica(int largestBatch) => new Replica(this);
    }

    private sealed class Replica(Objective objective) : IReplica
    {
        public double Gradient(
            ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
        {
            objective.BeforeGradient?.Invoke(batch.Count);
            var mean = 0f;
            foreach (var x in batch.Inputs)
            {
                mean += x / batch.Count;
            }

            var loss = 0.0;
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] = parameters[i] - mean + (0.1f * (random.NextSingle() - 0.5f));
                loss += 0.5 * gradient[i] * gradient[i];
            }

            return loss / gradient.Length;
        }

        public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions)
        {
            objective.BeforeEvaluation?.Invoke();
            for (var i = 0; i < batch.Count; i++)
            {
                predictions[i] = parameters[0] > batch.Inputs[i] ? 1 : 0;
            }

            return batch.Count * (double)parameters[0];
        }

        public void Dispose() => objective.WhenFreed?.Invoke();
    }

    public sealed class HeavyBall(float momentum) : IOptimizer
    {
        private NativeVector velocity = null!;

        public bool ElementWise { get; init; } = true;

        public void Attach(RuleContext context) => velocity = context.State.Vector("velocity");

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            var v = velocity.Slice(update.Offset, gradient.Length);
            var rate = (float)update.LearningRate;
            for (var i = 0; i < gradient.Length; i++)
            {
                v[i] = (momentum * v[i]) + gradient[i];
                parameters[i] -= rate * v[i];
            }
        }
    }

    /// <summary>Plain descent that keeps every version and what made it.</summary>
    public sealed class Remembering : IOptimizer
    {
        public List<float[]> Versions { get; } = [];

        public List<float[]> Gradients { get; } = [];

        public bool ElementWise => false;

        public void Attach(RuleContext context)
        {
        }

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            if (Versions.Count == 0)
            {
                Versions.Add(parameters.ToArray());
            }

            for (var i = 0; i < gradient.Length; i++)
            {
                parameters[i] -= (float)update.LearningRate * gradient[i];
            }

            Versions.Add(parameters.ToArray());
            Gradients.Add(gradient.ToArray());
        }
    }

    /// <summary>Unequal durations, from worker and stream.</summary>
    public sealed class Spread : IDelay
    {
        public double Milliseconds(in DelayDraw draw) => 1 + draw.Random.NextDouble() + (0.1 * draw.Worker);
    }

    public sealed class Fixed(double milliseconds) : IDelay
    {
        public double Milliseconds(in DelayDraw draw) => milliseconds;
    }

    public sealed class Asynchronous : IConsistency
    {
        public bool TakesMean => false;

        public void Attach(int workers, RuleState state)
        {
        }

        public void Arrived(in Arrival arrival, Decision decision) => decision.Apply().Release(arrival.Worker);

        public void Left(int worker, Decision decision)
        {
        }
    }

    /// <summary>The first K of each version count; the rest are cancelled.</summary>
    public sealed class FirstOf(int k) : IConsistency
    {
        private long[] arrived = [];

        public bool TakesMean => true;

        public void Attach(int count, RuleState state) => arrived = state.Integers("arrived", count);

        public void Arrived(in Arrival arrival, Decision decision)
        {
            arrived[arrival.Worker] = 1;
            if (arrived.Sum() < k)
            {
                decision.Buffer();
                return;
            }

            decision.Apply();
            for (var worker = 0; worker < arrived.Length; worker++)
            {
                if (arrived[worker] == 0)
                {
                    decision.Cancel(worker);
                }

                decision.Release(worker);
            }

            Array.Clear(arrived);
        }

        public void Left(int worker, Decision decision)
        {
        }
    }
}
