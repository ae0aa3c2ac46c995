// What orchestration costs beside the gradients: dotnet run -c Release --project bench/orchestration [-- ROUNDS]
// LeNet5, batch 32, glyphs. The reference is two bare loops on two threads: gather, gradient, sgd with momentum, nothing else, nothing shared.
// Interleaved in one process: bare, wall clock with W = 2, virtual clock with W = 10 and gamma times, in turns that begin with another each round;
// medians, and medians of paired ratios with their quartiles.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Numerics;
using Orchestrator.Results;

const int Threads = 2;
const int Updates = 600;
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 61;

var plugins = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Plugins").Value!;
var catalog = PluginCatalog.Read([plugins]);
var folder = Directory.CreateTempSubdirectory("orchestration-").FullName;
var dataset = Load("wall", 2).Dataset.Create<IDataset>();
var (data, shape) = (dataset.Load(new DataFolders([])), dataset.Describe(new DataFolders([])));
var objective = Load("wall", 2).Model.Create<IModel>().Build(shape);

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {objective.KernelPath}, {Updates} updates a run, {rounds} rounds after one to warm up");
(string Name, Func<double> Measure, List<double> Rates)[] kinds =
[
    ("two bare loops", Bare, []),
    ("wall clock, W = 2", () => Run("wall", 2), []),
    ("virtual clock, W = 10", () => Run("virtual", 10), []),
];
for (var round = 0; round <= rounds; round++)
{
    for (var i = 0; i < kinds.Length; i++)
    {
        var (_, measure, rates) = kinds[(i + round) % kinds.Length];
        var rate = measure();
        if (round > 0)
        {
            rates.Add(rate);
        }
    }
}

foreach (var (name, _, rates) in kinds)
{
    var ratios = rates.Zip(kinds[0].Rates, (x, y) => x / y).Order().ToList();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-22} {Quantile([.. rates.Order()], 0.5):F0} updates/s, ratio {Quantile(ratios, 0.5):F3} ({Quantile(ratios, 0.25):F3} .. {Quantile(ratios, 0.75):F3})"));
}

Directory.Delete(folder, recursive: true);

static double Quantile(List<double> sorted, double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];

double Bare()
{
    using var ready = new Barrier(Threads + 1);
    var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() => BareLoop(t, Updates / Threads, ready))).ToList();
    threads.ForEach(t => t.Start());
    ready.SignalAndWait();
    var started = Stopwatch.GetTimestamp();
    threads.ForEach(t => t.Join());
    return Updates / Stopwatch.GetElapsedTime(started).TotalSeconds;
}

void BareLoop(int thread, int updates, Barrier ready)
{
    var length = objective.Layout.Length;
    using var replica = objective.CreateReplica(32);
    using var parameters = new NativeVector(length);
    using var gradient = new NativeVector(length);
    using var inputs = new NativeVector(32 * shape.SampleLength);
    using var state = new RuleState(length, 1);
    var stream = new RandomStreams(1).Open("init");
    objective.Initialize(stream, parameters.Span, default);
    var sgd = Load("wall", 2).Optimizer.Rule.Create<IOptimizer>();
    sgd.Attach(new RuleContext(objective.Layout, 1, state));
    var (rows, labels) = (new int[32], new int[32]);
    ready.SignalAndWait();
    for (var update = 0; update < updates; update++)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = ((update * 32) + i + thread) % data.Train.Count;
            labels[i] = data.Train.Labels[rows[i]];
        }

        data.Train.Gather(rows, inputs.Span);
        replica.Gradient(parameters.Span, default, new Batch(inputs.Span, labels, 32), stream, gradient.Span, default);
        sgd.Apply(new Update(update, 0, 1, 0, 32, 0.005, 0.005, 0), gradient.Span, parameters.Span);
    }
}

double Run(string clock, int workers)
{
    var pipeline = Load(clock, workers);
    var experiment = new Experiment
    {
        Seed = 1,
        Clock = pipeline.Clock,
        Objective = objective,
        Data = data,
        Shape = shape,
        Partitions = [Enumerable.Range(0, data.Train.Count).ToArray()],
        Workers = workers,
        BatchSize = 32,
        Update = new UpdateRule(pipeline.Optimizer.Rule.Create<IOptimizer>(), [], [], 0.005, 0),
        Consistency = pipeline.Consistency.Create<IConsistency>(),
        Transport = pipeline.Transport.Create<ITransport>(),
        Delays = new WorkerDelays(new DelaySet(pipeline.Workers.Compute?.Create<IDelay>(), null, null), new Dictionary<int, DelaySet>()),
        Stop = new StopRule(Updates: Updates),
        Evaluation = new EvaluationPlan(AtStart: false),
        Cores = Threads,
    };
    using var recorder = new Recorder(Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName, objective.Layout);
    var watch = new FirstAndLast(recorder);
    using var training = new Training(experiment, watch, new RunProgress());
    training.Run(default);
    return watch.Rate;
}

ResolvedPipeline Load(string clock, int workers)
{
    var file = Path.Combine(folder, "orchestration.json");
    lock (catalog)
    {
        File.WriteAllText(file, $$"""
            {
              "dataset": "glyphs", "model": "lenet5", "partitioner": "none", "clock": "{{clock}}",
              "optimizer": { "type": "sgd", "learningRate": 0.005, "momentum": 0.9 },
              "workers": { "count": {{workers}}, "batchSize": 32{{(clock == "virtual" ? """, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.1 }""" : "")}} },
              "stop": { "updates": 1 }
            }
            """);
        var loaded = Pipeline.Load(file, catalog, new PipelineRequest(new DataFolders([])));
        return loaded.Pipeline ?? throw new InvalidOperationException(string.Join("\n", loaded.Mistakes));
    }
}

/// <summary>Records, and takes the time from the first push to the last, so that neither start nor final evaluation count.</summary>
internal sealed class FirstAndLast(IRecorder recorder) : IRecorder
{
    private long first;
    private long last;
    private long pushes;

    public double Rate => (pushes - 1) / Stopwatch.GetElapsedTime(first, last).TotalSeconds;

    public void Push(in PushRecord record)
    {
        recorder.Push(in record);
        last = Stopwatch.GetTimestamp();
        first = pushes++ == 0 ? last : first;
    }

    public void Evaluation(in EvaluationRecord record) => recorder.Evaluation(in record);

    public void Event(RunEvent record) => recorder.Event(record);
}
