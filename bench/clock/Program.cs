// Pushes per second of the virtual clock when a gradient costs nothing: dotnet run -c Release
// --project bench/clock [-- WORKERS...] The plugins are the shipped ones (gamma times, sgd,
// asynchronous, in-process); only the model and the data are empty.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

var plugins = typeof(Nothing).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Plugins").Value!;
var catalog = PluginCatalog.Read([plugins]);
var folder = Directory.CreateTempSubdirectory("clock-").FullName;

Console.WriteLine($"{Environment.ProcessorCount} cores, {Environment.Version}, one compute thread; medians of five, each over the pushes after every worker's first: a million, or ten per worker");
(int Workers, bool Recorded, int Samples)[] rows = args.Length > 0
    ? [.. args.Select(n => (int.Parse(n, CultureInfo.InvariantCulture), false, 1))]
    : [(1_000, false, 1), (1_000, true, 1), (1_000, false, 1_000_000), (10, false, 1), (100, false, 1), (10_000, false, 1), (100_000, false, 1)];
foreach (var (workers, recorded, samples) in rows)
{
    var (rates, perProcessor) = (new List<double>(), new List<double>());
    for (var repeat = 0; repeat < 6; repeat++)
    {
        var rate = Measure(workers, recorded, samples);
        if (repeat > 0)
        {
            rates.Add(rate.PerSecond);
            perProcessor.Add(rate.PerProcessorSecond);
        }
    }

    rates.Sort();
    perProcessor.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"N = {workers,7:N0}, {samples,9:N0} samples, {(recorded ? "recorder and digest" : "null recorder      ")}: {rates[2] / 1e6:F2} M pushes/s ({rates[0] / 1e6:F2} .. {rates[4] / 1e6:F2}), {perProcessor[2] / 1e6:F2} M per processor second"));
}

Directory.Delete(folder, recursive: true);

(double PerSecond, double PerProcessorSecond) Measure(int workers, bool recorded, int samples)
{
    var pipeline = Load(workers);
    var measured = Math.Max(1_000_000, 10L * workers);
    var experiment = new Experiment
    {
        Seed = 1,
        Clock = ClockKind.Virtual,
        Objective = new Nothing(),
        Data = new Nothing(),
        Shape = new DatasetShape([1], [], samples, 1),
        Partitions = [Enumerable.Range(0, samples).ToArray()],
        Workers = workers,
        BatchSize = 1,
        Update = new UpdateRule(pipeline.Optimizer.Rule.Create<IOptimizer>(), [], [], 0.01, 0),
        Consistency = pipeline.Consistency.Create<IConsistency>(),
        Transport = pipeline.Transport.Create<ITransport>(),
        Delays = new WorkerDelays(new DelaySet(pipeline.Workers.Compute!.Create<IDelay>(), null, null), new Dictionary<int, DelaySet>()),
        Stop = new StopRule(Updates: workers + measured),
        Evaluation = new EvaluationPlan(AtStart: false),
        Cores = 1,
    };
    using var recorder = recorded ? new Recorder(Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName, experiment.Objective.Layout) : null;
    var meter = new Meter((IRecorder?)recorder ?? new Nothing(), workers);
    using var training = new Training(experiment, meter, new RunProgress());
    training.Run(default);
    recorder?.Flush();
    return (measured / Stopwatch.GetElapsedTime(meter.Started).TotalSeconds, measured / (Environment.CpuUsage.TotalTime - meter.Processor).TotalSeconds);
}

ResolvedPipeline Load(int workers)
{
    var file = Path.Combine(folder, "clock.json");
    File.WriteAllText(file, $$"""
        {
          "dataset": "quadratic", "model": "quadratic", "partitioner": "none",
          "optimizer": { "type": "sgd", "learningRate": 0.01 },
          "workers": { "count": {{workers}}, "batchSize": 1, "compute": { "type": "gamma", "meanMs": 128 } },
          "stop": { "updates": 1 }
        }
        """);
    var loaded = Pipeline.Load(file, catalog, new PipelineRequest(new DataFolders([])));
    return loaded.Pipeline ?? throw new InvalidOperationException(string.Join("\n", loaded.Mistakes));
}

/// <summary>
/// Passes records on, and reads the clocks when so many pushes have come that each worker has
/// begun.
/// </summary>
internal sealed class Meter(IRecorder inner, int workers) : IRecorder
{
    private long left = workers;

    public long Started { get; private set; }

    public TimeSpan Processor { get; private set; }

    public void Push(in PushRecord record)
    {
        inner.Push(record);
        if (--left == 0)
        {
            (Started, Processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        }
    }

    public void Evaluation(in EvaluationRecord record) => inner.Evaluation(record);

    public void Event(RunEvent record) => inner.Event(record);
}

/// <summary>
/// An objective of one parameter whose gradient is zero, its data, and a recorder that forgets.
/// </summary>
internal sealed class Nothing : IObjective, IReplica, ILoadedDataset, ISamples, IRecorder
{
    public ParameterLayout Layout { get; } = new([new NamedTensor("theta", [1], 0)], []);

    public string KernelPath => "none";

    public ISamples Train => this;

    public ISamples Test => this;

    public string Fingerprint => "none";

    public int Count => 1;

    public ReadOnlySpan<int> Labels => default;

    public long ReplicaBytes(int largestBatch) => 0;

    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
    }

    public IReplica CreateReplica(int largestBatch) => this;

    public double Gradient(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        gradient[0] = 0;
        return 0;
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions) => 0;

    public void Gather(ReadOnlySpan<int> rows, Span<float> inputs)
    {
    }

    public void Push(in PushRecord record)
    {
    }

    public void Evaluation(in EvaluationRecord record)
    {
    }

    public void Event(RunEvent record)
    {
    }

    public void Dispose()
    {
    }
}
