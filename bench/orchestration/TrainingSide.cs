using System.Diagnostics;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Bench.Orchestration;

/// <summary>
/// A run as the program makes it, with recorder and digest, and with hosts of one thread each where
/// the transport has hosts.
/// </summary>
internal sealed class TrainingSide : Side, IRecorder
{
    private readonly Recorder recorder;
    private readonly Training training;
    private readonly Thread thread;
    private readonly List<Process> hosts = [];
    private readonly CancellationTokenSource stop = new();

    public TrainingSide(Parts parts, string clock, int workers, string transport)
    {
        recorder = new Recorder(Directory.CreateDirectory(Path.Combine(parts.Folder, Guid.NewGuid().ToString("N"))).FullName, parts.Objective.Layout);
        training = new Training(Make(parts, clock, workers, transport), this, new RunProgress());
        thread = new Thread(() => training.Run(stop.Token)) { Name = "run" };
        if (training.Meeting is { } meeting)
        {
            hosts.AddRange(Enumerable.Range(0, Threads).Select(_ => Process.Start(Environment.ProcessPath!, ["worker", transport, meeting.Address])));
        }
    }

    /// <summary>A worker host of one thread.</summary>
    public static void Work(string transport, string address)
    {
        using var parts = new Parts();
        var experiment = Make(parts, "wall", 2, transport);
        using var joining = experiment.Transport.Join(new JoinRequest(address, null, 1));
        HostedWorkers.Run(experiment, joining.Begin(joining.Session.Facts), 1, null, CancellationToken.None);
    }

    public void Push(in PushRecord record)
    {
        Pass();
        recorder.Push(in record);
    }

    public void Evaluation(in EvaluationRecord record) => recorder.Evaluation(in record);

    public void Event(RunEvent record) => recorder.Event(record);

    protected override void Begin() => thread.Start();

    protected override void End() => stop.Cancel();

    protected override void Ended()
    {
        thread.Join();
        training.Dispose();
        recorder.Dispose();
        hosts.ForEach(host => host.WaitForExit());
        stop.Dispose();
    }

    protected override double SpentElsewhere()
    {
        hosts.ForEach(host => host.Refresh());
        return hosts.Sum(host => host.TotalProcessorTime.TotalMilliseconds);
    }

    private static Experiment Make(Parts parts, string clock, int workers, string transport)
    {
        var pipeline = parts.Load(clock, workers, transport);
        return new Experiment
        {
            Seed = 1,
            Clock = pipeline.Clock,
            Objective = parts.Objective,
            Data = parts.Data,
            Shape = parts.Shape,
            Partitions = [Enumerable.Range(0, parts.Data.Train.Count).ToArray()],
            Workers = workers,
            BatchSize = Batch,
            Update = new UpdateRule(pipeline.Optimizer.Rule.Create<IOptimizer>(), [], [], 0.005, 0),
            Consistency = pipeline.Consistency.Create<IConsistency>(),
            Transport = pipeline.Transport.Create<ITransport>(),
            Delays = new WorkerDelays(new DelaySet(pipeline.Workers.Compute?.Create<IDelay>(), null, null), new Dictionary<int, DelaySet>()),
            Stop = new StopRule(Updates: long.MaxValue),
            Evaluation = new EvaluationPlan(AtStart: false),
            Cores = Threads,
        };
    }
}
