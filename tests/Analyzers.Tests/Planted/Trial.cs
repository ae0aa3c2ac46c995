using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Analyzers.MLNet;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers.Tests.Planted;

/// <summary>
/// One fault of each kind, planted in real runs by a number that decides all that varies, and runs
/// without any; what the analyzers made of it.
/// </summary>
/// <param name="runs">Makes runs.</param>
/// <param name="number">The trial's number.</param>
internal sealed class Trial(RealRuns runs, int number)
{
    private static readonly IAnalyzer[] OfRuns =
    [
        new Convergence(new ConvergenceOptions()), new Fairness(new FairnessOptions()), new Staleness(new StalenessOptions()),
        new Stragglers(new StragglersOptions()), new Throughput(new ThroughputOptions()),
    ];

    private readonly RandomStream random = new RandomStreams(number).Open("trial");

    /// <summary>Every kind of trial, in the order in which they are reported.</summary>
    public static IReadOnlyList<(string Name, Func<Trial, Verdict> Judge)> Kinds { get; } =
    [
        ("slow worker", trial => trial.SlowWorker()),
        ("harmful worker", trial => trial.HarmfulWorker(isHarmful: true)),
        ("harmless slow worker", trial => trial.HarmfulWorker(isHarmful: false)),
        ("diverging rule", trial => trial.DivergingRule()),
        ("biased partition", trial => trial.BiasedPartition()),
        ("starved classes", trial => trial.StarvedClasses()),
        ("change point", trial => trial.ChangePoint()),
        ("useless axis", trial => trial.Sweep(hasUseless: true)),
        ("clean run", trial => trial.Clean()),
        ("clean sweep", trial => trial.Sweep(hasUseless: false)),
    ];

    // One worker of 3 to 8 takes 1.5 to 5 times as long.
    private Verdict SlowWorker()
    {
        var workers = random.Next(3, 9);
        var (slow, factor) = (random.Next(workers), 1.5 + (3.5 * random.NextDouble()));
        var findings = Accusations(Run(
            $"workers.count={workers}",
            Text($$"""workers.overrides=[{ "workers": [{{slow}}], "compute": { "type": "gamma", "meanMs": {{10 * factor}} } }]""")));
        var subject = Text($"worker {slow}");
        return Judge(findings, f => f.Name == "slow-worker" && f.Subject == subject && Math.Abs(f.Number - factor) < 0.15 * factor, f => f.Subject == subject);
    }

    // Five clouds of points. A slow worker of 3 to 6 holds rows of a broken instrument, five times as
    // large and with the labels of other clouds, or honest ones; it is trained again without.
    private Verdict HarmfulWorker(bool isHarmful)
    {
        const int Rows = 1500, Classes = 5, Inputs = 6;
        var workers = random.Next(3, 7);
        var (slow, factor) = (random.Next(workers), 1.5 + random.NextDouble());
        var centres = Enumerable.Range(0, Classes * Inputs).Select(_ => 3 * random.NextDouble()).ToArray();
        var broken = new HashSet<int>(isHarmful ? runs.Partitions(number, Rows, workers)[slow].ToArray() : []);
        double Cloud() => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
        string Row(int row) => string.Join(',', Enumerable.Range(0, Inputs).Select(input =>
            Text($"{(broken.Contains(row) ? 5 : 1) * (centres[(row % Classes * Inputs) + input] + Cloud()):F4}")))
            + Text($",{(row + (broken.Contains(row) ? 1 : 0)) % Classes}");
        var header = string.Join(',', Enumerable.Range(0, Inputs).Select(input => Text($"x{input}"))) + ",label\n";
        string Table(int from) => header + string.Join('\n', Enumerable.Range(from, Rows).Select(Row)) + "\n";
        var (train, test) = (runs.Write(Text($"train-{number}.csv"), Table(0)), runs.Write(Text($"test-{number}.csv"), Table(Rows)));
        var dataset = Text($$"""dataset={ "type": "csv", "file": "{{train}}", "testFile": "{{test}}", "normalize": false }""");
        var run = Run(
            dataset, Text($"workers.count={workers}"), "optimizer.learningRate=0.05",
            Text($$"""workers.overrides=[{ "workers": [{{slow}}], "compute": { "type": "gamma", "meanMs": {{10 * factor}} } }]"""));
        var findings = Conclusive(new Stragglers(new StragglersOptions(Counterfactual: Counterfactual.Slow)).Analyze([run], CancellationToken.None));
        var subject = Text($"worker {slow}");
        return Judge(findings, isHarmful ? f => f.Name == "worker-harm" && f.Subject == subject : null, f => f.Name == "slow-worker" && f.Subject == subject);
    }

    // The noisy quadratic, whose loss grows without bound where the rate is too high.
    private Verdict DivergingRule() => Judge(
        Accusations(Run(
            "dataset=quadratic", "model=quadratic", "partitioner=none", "optimizer.momentum=0.95",
            Text($"optimizer.learningRate={0.3 + (2 * random.NextDouble())}"), Text($"workers.count={random.Next(3, 9)}"))),
        f => f is { Name: "divergence", Grade: FindingGrade.Error },
        f => f.Name == "no-convergence");

    // Dirichlet shares of classes, or shares of whole classes.
    private Verdict BiasedPartition()
    {
        var run = Run(
            Text($"workers.count={random.Next(3, 9)}"),
            Text($$"""partitioner={ "type": "dirichlet", "alpha": {{0.05 + (0.45 * random.NextDouble())}} }"""));
        using var partitions = run.OpenPartitions();
        var (distances, most) = (new Dictionary<string, double>(), 0.0);
        while (partitions.TryRead(out var part))
        {
            // Of a handful of samples nobody can say that they are biased.
            distances[Text($"worker {part.Partition}")] = part.LabelDistance;
            most = Math.Max(most, part.Samples >= 50 ? part.LabelDistance : 0);
        }

        return Judge(Accusations(run), f => f.Name == "biased-partition" && distances[f.Subject] >= most, f => f.Name is "class-weight" or "unfair-share");
    }

    // Five workers hold two classes each; one of them is ten to twenty times as slow.
    private Verdict StarvedClasses()
    {
        var (slow, factor) = (random.Next(5), 10 + (10 * random.NextDouble()));
        var run = Run(
            "workers.count=5", "partitioner=split-labels", "evaluation.perClass=true", "dataset={\"type\":\"glyphs\",\"train\":1500,\"test\":1000}",
            "optimizer.learningRate=0.003", "stop.updates=1000", "evaluation.everyUpdates=500",
            Text($$"""workers.overrides=[{ "workers": [{{slow}}], "compute": { "type": "gamma", "meanMs": {{10 * factor}} } }]"""));
        var starved = new List<string>();
        using var partitions = run.OpenPartitions();
        while (partitions.TryRead(out var part))
        {
            starved.AddRange(part.Partition == slow ? part.ClassCounts.Index().Where(of => of.Item > 0).Select(of => Text($"class {of.Index}")) : []);
        }

        return Judge(
            Accusations(run), f => f.Name == "class-harm" && starved.Contains(f.Subject),
            f => f.Name is "class-weight" or "unfair-share" or "biased-partition"
                || (f.Name is "slow-worker" or "stale-worker" && f.Subject == Text($"worker {slow}")));
    }

    // All workers become slower, or faster, at one moment between a quarter and three quarters.
    private Verdict ChangePoint()
    {
        var (workers, factor) = (random.Next(3, 9), 1.5 + (1.5 * random.NextDouble()));
        var (at, isSlower) = (0.25 + (0.5 * random.NextDouble()), random.Next(2) == 0);
        var perWorker = 600 / workers;
        var lines = Enumerable.Range(0, workers).SelectMany(worker => Enumerable.Range(0, 2 * perWorker).Select(gradient =>
            Text($"{worker},{10 * (isSlower == gradient >= at * perWorker ? factor : 1) * (0.9 + (0.2 * random.NextDouble()))}")));
        var file = runs.Write(Text($"trace-{number}.csv"), "worker,milliseconds\n" + string.Join('\n', lines) + "\n");
        var findings = Accusations(Run(Text($"workers.count={workers}"), $$"""workers.compute={ "type": "trace", "file": "{{file}}" }"""));
        return Judge(
            findings,
            f => f.Name == "throughput-step" && f.Number < 1 == isSlower && Math.Abs((f.Place.Line - 2) - (at * 600)) <= 30,
            _ => false);
    }

    // Three learning rates, two momenta, two delays that all pushes have (which change no order of
    // arrivals, and so nothing), three seeds. Without the useless axis the delays are seeds too.
    private Verdict Sweep(bool hasUseless)
    {
        var sweep = new List<IRunRecords>();
        double[] rates = [0.0003, 0.003, 0.03];
        var all = from r in rates from m in new[] { "0", "0.9" } from d in new[] { 0, 2 } from s in Enumerable.Range(1, 3) select (r, m, d, s);
        foreach (var (rate, momentum, delay, seed) in all)
        {
            var settings = new Dictionary<string, string> { ["rate"] = rate.ToString(CultureInfo.InvariantCulture), ["momentum"] = momentum };
            if (hasUseless)
            {
                settings["delay"] = delay.ToString(CultureInfo.InvariantCulture);
            }

            sweep.Add(runs.Run(
                (10_000L * number) + (hasUseless ? 0 : 100 * delay) + seed, settings, Text($"optimizer.learningRate={rate}"), $"optimizer.momentum={momentum}",
                Text($$"""workers.delay={ "type": "constant", "ms": {{delay}} }"""), "stop.updates=60", "evaluation.everyUpdates=20"));
        }

        var findings = Conclusive(new Factors(new FactorsOptions()).Analyze(sweep, CancellationToken.None));
        return hasUseless
            ? Judge(findings, f => f is { Name: "useless-axis", Subject: "delay" }, _ => false)
            : Judge(findings, null, _ => false);
    }

    private Verdict Clean() => Judge(
        Accusations(Run(
            "evaluation.perClass=true", Text($"workers.count={random.Next(2, 9)}"), Text($"optimizer.learningRate={0.003 + (0.02 * random.NextDouble())}"),
            Text($$"""workers.compute={ "type": "{{(random.Next(2) == 0 ? "gamma" : "exponential")}}", "meanMs": 10 }"""))),
        null,
        _ => false);

    private IRunRecords Run(params string[] sets) => runs.Run(number, null, sets);

    private static List<Finding> Accusations(IRunRecords run) => Conclusive(OfRuns.SelectMany(analyzer => analyzer.Analyze([run], CancellationToken.None)));

    private static List<Finding> Conclusive(IEnumerable<Finding> findings) =>
        [.. findings.Where(f => f.Grade is not (FindingGrade.Measured or FindingGrade.Inconclusive))];

    private static Verdict Judge(List<Finding> findings, Func<Finding, bool>? isPlanted, Func<Finding, bool> follows)
    {
        var others = findings.Where(f => isPlanted?.Invoke(f) != true && !follows(f)).Select(f => $"{f.Name} {f.Subject}: {f.Sentence}").ToList();
        return new(isPlanted is null || findings.Exists(f => isPlanted(f)), others);
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What analyzers made of a trial.</summary>
/// <param name="IsNamed">Whether what was planted was named, with its place or number; true where
/// nothing was.</param>
/// <param name="Others">What was said beside it and does not follow from it.</param>
internal sealed record Verdict(bool IsNamed, IReadOnlyList<string> Others);
