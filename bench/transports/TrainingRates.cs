using System.Diagnostics;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Numerics;

namespace Orchestrator.Bench.Transports;

/// <summary>Asynchronous training of LeNet5, batch 32, two workers on the wall clock, beside two bare loops of gradient and update on two threads.</summary>
internal static class TrainingRates
{
    private const int Updates = 6_000;
    private const int Threads = 2;
    private const string Bares = "two bare loops";
    private const double LearningRate = 0.005;

    private static readonly Case[] Cases =
        [new(Bares), new("in-process", Bares, 0.95), new("shared-memory", Bares, 0.92), new("tcp", Bares, 0.85)];

    public static void Run(int rounds)
    {
        var rates = Cases.ToDictionary(c => c.Name, _ => new List<double>());
        var costs = Cases.ToDictionary(c => c.Name, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < Cases.Length; i++)
            {
                var (name, beside, _) = Cases[(i + round) % Cases.Length];
                var (rate, cost) = beside is null ? Bare() : Train(name);
                if (round > 0)
                {
                    rates[name].Add(rate);
                    costs[name].Add(cost);
                }
            }
        }

        Parts.Show(
            $"Training, LeNet5, batch 32, W = 2, {Updates} updates. {rounds} interleaved rounds after one to warm up, {Environment.ProcessorCount} cores, .NET {Environment.Version}.",
            "updates/s", Cases, rates);
        Console.WriteLine("Processor time per update, ms, of all processes: "
            + string.Join(", ", Cases.Select(c => $"{c.Name} {Parts.Median(costs[c.Name]):F3} ({Parts.Median(costs[Bares].Zip(costs[c.Name], (bare, own) => bare / own)):F3})")) + ".");
    }

    /// <summary>A worker host of one thread.</summary>
    public static void Work(string transport, string address)
    {
        using var joining = Parts.Transport(transport).Join(new JoinRequest(address, null, 1));
        var experiment = Make(transport);
        HostedWorkers.Run(experiment, joining.Begin(joining.Session.Facts), 1, null, CancellationToken.None);
    }

    /// <summary>Updates per second over one transport, and processor time per update, ms.</summary>
    public static (double Rate, double Cost) Train(string transport)
    {
        List<Process> hosts = [];
        var log = new Clocked(() => Spent(hosts));
        using var training = new Training(Make(transport), log, new RunProgress());
        if (training.Meeting is { } meeting)
        {
            hosts.AddRange(Enumerable.Range(0, Threads).Select(_ => Parts.Self("worker", transport, meeting.Address)));
        }

        training.Run(CancellationToken.None);
        training.Dispose();
        hosts.ForEach(host => host.WaitForExit());
        return (log.Rate, log.Cost);
    }

    private static (double Rate, double Cost) Bare()
    {
        var experiment = Make("in-process");
        var barrier = new Barrier(Threads + 1);
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() => Loop(experiment, t, barrier))).ToList();
        threads.ForEach(thread => thread.Start());
        barrier.SignalAndWait();
        var (started, spent) = (Stopwatch.GetTimestamp(), Spent([]));
        threads.ForEach(thread => thread.Join());
        return (Updates / Stopwatch.GetElapsedTime(started).TotalSeconds, (Spent([]) - spent) / Updates);
    }

    // ms of processor time, with that of hosts.
    private static double Spent(List<Process> hosts)
    {
        hosts.ForEach(host => host.Refresh());
        return Environment.CpuUsage.TotalTime.TotalMilliseconds + hosts.Sum(host => host.TotalProcessorTime.TotalMilliseconds);
    }

    private static void Loop(Experiment experiment, int thread, Barrier barrier)
    {
        var objective = experiment.Objective;
        var (length, sample) = (objective.Layout.Length, experiment.Shape.SampleLength);
        using var replica = objective.CreateReplica(experiment.BatchSize);
        using var parameters = new NativeVector(length);
        using var gradient = new NativeVector(length);
        using var velocity = new NativeVector(length);
        using var inputs = new NativeVector(experiment.BatchSize * sample);
        var stream = new RandomStreams(1).Open("init");
        objective.Initialize(stream, parameters.Span, default);
        var optimizer = Make("in-process").Update.Optimizer;
        using var state = new RuleState(length, 1);
        optimizer.Attach(new RuleContext(objective.Layout, 1, state));
        var (rows, labels) = (new int[experiment.BatchSize], new int[experiment.BatchSize]);
        barrier.SignalAndWait();
        for (var update = 0; update < Updates / Threads; update++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = ((update * rows.Length) + i + (thread * 31)) % experiment.Data.Train.Count;
                labels[i] = experiment.Data.Train.Labels[rows[i]];
            }

            experiment.Data.Train.Gather(rows, inputs.Span);
            replica.Gradient(parameters.Span, default, new Batch(inputs.Span, labels, rows.Length), stream, gradient.Span, default);
            optimizer.Apply(new Update(update, 0, 1, 0, rows.Length, LearningRate, LearningRate, 0), gradient.Span, parameters.Span);
        }
    }

    private static Experiment Make(string transport)
    {
        T Create<T>(PluginKind kind, string name) where T : class => Parts.Catalog.Create<T>(Parts.Catalog.Find(kind, name)!);

        var dataset = Create<IDataset>(PluginKind.Dataset, "glyphs");
        var folders = new DataFolders([]);
        var (data, shape) = (dataset.Load(folders), dataset.Describe(folders));
        return new Experiment
        {
            Seed = 1,
            Clock = ClockKind.Wall,
            Objective = Create<IModel>(PluginKind.Model, "lenet5").Build(shape),
            Data = data,
            Shape = shape,
            Partitions = [Enumerable.Range(0, data.Train.Count).ToArray()],
            Workers = 2,
            BatchSize = 32,
            Update = new UpdateRule(Create<IOptimizer>(PluginKind.Optimizer, "sgd"), [], [], LearningRate, 0),
            Consistency = Create<IConsistency>(PluginKind.Consistency, "asynchronous"),
            Transport = Parts.Transport(transport),
            Delays = new WorkerDelays(new DelaySet(null, null, null), new Dictionary<int, DelaySet>()),
            Stop = new StopRule(Updates: Updates + Clocked.Skipped),
            Evaluation = new EvaluationPlan(AtStart: false),
            Cores = Threads,
        };
    }

    /// <summary>Measures from an arrival when all hosts compute, and have their code compiled, to the last.</summary>
    private sealed class Clocked(Func<double> spent) : IRecorder
    {
        public const int Skipped = 4_000;

        private int pushes;
        private long begun;
        private long ended;
        private double spentBefore;

        public double Rate => Updates / Stopwatch.GetElapsedTime(begun, ended).TotalSeconds;

        /// <summary>Processor time per update, ms.</summary>
        public double Cost { get; private set; }

        public void Push(in PushRecord record)
        {
            pushes++;
            if (pushes == Skipped)
            {
                (begun, spentBefore) = (Stopwatch.GetTimestamp(), spent());
            }
            else if (pushes == Skipped + Updates)
            {
                (ended, Cost) = (Stopwatch.GetTimestamp(), (spent() - spentBefore) / Updates);
            }
        }

        public void Evaluation(in EvaluationRecord record)
        {
        }

        public void Event(RunEvent record)
        {
        }
    }
}
