using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Testing;

namespace Orchestrator.Analyzers.Tests;

/// <summary>Simulated runs with one fault each, and without any.</summary>
internal static class Simulations
{
    public static SimulatedRun Clean(long seed) => new(new SimulationTerms { Seed = seed });

    /// <summary>Worker 2 is three times as slow as the others.</summary>
    public static SimulatedRun SlowWorker(long seed, double factor = 3) =>
        new(new SimulationTerms { Seed = seed, MeanMs = worker => worker == 2 ? 10 * factor : 10 });

    /// <summary>All workers take half as long again from a push on.</summary>
    public static SimulatedRun SlowerFrom(long seed, long push) => new(new SimulationTerms { Seed = seed, Pace = n => n < push ? 1 : 1.5 });

    /// <summary>The loss grows from a version on.</summary>
    public static SimulatedRun Diverging(long seed, long version) => new(new SimulationTerms
    {
        Seed = seed,
        Loss = v => (0.3 + (2 * Math.Pow(0.998, v))) * (v < version ? 1 : Math.Pow(1.01, v - version)),
    });

    /// <summary>The loss falls to a part of itself at a version.</summary>
    public static SimulatedRun LossStep(long seed, long version, double factor = 0.6) => new(new SimulationTerms
    {
        Seed = seed,
        Loss = v => (0.3 + (2 * Math.Pow(0.998, v))) * (v < version ? 1 : factor),
    });

    /// <summary>Worker 1 holds one class only.</summary>
    public static SimulatedRun BiasedPartition(long seed) => new(new SimulationTerms
    {
        Seed = seed,
        ClassCounts = worker => [.. Enumerable.Range(0, 10).Select(c => worker == 1 ? (c == 7 ? 1000L : 0) : 100)],
    });

    /// <summary>
    /// Worker 1 is five times as slow and alone holds classes 7 and 8, which are recognised less
    /// often than others, or no less: then class 3 is hard, which all hold.
    /// </summary>
    public static SimulatedRun StarvedClasses(long seed, bool isHarmed) => new(new SimulationTerms
    {
        Seed = seed,
        MeanMs = worker => worker == 1 ? 50 : 10,
        ClassCounts = worker => [.. Enumerable.Range(0, 10).Select(c => (worker == 1) == (c is 7 or 8) ? (worker == 1 ? 1200L : 300) : 0)],
        Recall = c => isHarmed && c is 7 or 8 ? 0.3 : c == 3 ? 0.6 : 0.85,
    });

    /// <summary>
    /// Rounds that end with so many arrivals, when what the others compute is cancelled; and the
    /// share of their time that workers wait. Worker 0 may be slow.
    /// </summary>
    public static (IRunRecords Run, double Waited) Rounds(int workers, int enough, int rounds, double slowness)
    {
        var (random, pushes, now, happened, waited) = (new RandomStreams(1).Open("rounds"), new List<PushRecord>(), 0L, 0L, 0L);
        for (var round = 0; round < rounds; round++)
        {
            var first = happened;
            happened += workers;
            var ends = Enumerable.Range(0, workers).Select(worker => (Worker: worker, At: now + (long)(1e7 * (worker == 0 ? slowness : 1) * (0.5 + random.NextDouble())))).OrderBy(end => end.At).ToList();
            var end = ends[enough - 1].At;
            foreach (var (n, (worker, at)) in ends.Index())
            {
                pushes.Add(new PushRecord
                {
                    Event = ++happened,
                    PullEvent = first + worker + 1,
                    Worker = worker,
                    Gradient = round,
                    Batch = round,
                    Samples = 32,
                    Decision = n >= enough ? PushDecision.Cancelled : n == enough - 1 ? PushDecision.Applied : PushDecision.Buffered,
                    VersionPulled = round,
                    Version = round,
                    PulledAt = now,
                    ArrivedAt = Math.Min(at, end),
                    GapRms = 0.001,
                    GradientNorm = 1,
                    UpdateNorm = 0.01,
                    Loss = 1,
                    LearningRate = 0.01,
                    PayloadBytes = 1000,
                    ComputeTime = 1,
                    Host = 0,
                });
                waited += end - Math.Min(at, end);
            }

            now = end;
        }

        return (new AlteredRun(new SimulatedRun(new SimulationTerms { Workers = workers })) { Pushes = pushes }, (double)waited / now / workers);
    }

    /// <summary>
    /// A sweep of three axes: the final loss depends on <c>rate</c> and on <c>rule</c>, and not on
    /// <c>threads</c>.
    /// </summary>
    public static IReadOnlyList<IRunRecords> Sweep(long seed, int runs) => [.. Enumerable.Range(0, runs).Select(n =>
    {
        var (rate, rule, threads) = (new[] { 0.001, 0.01, 0.1 }[n % 3], n / 3 % 2 == 0 ? "sgd" : "adam", n / 6 % 4);
        var end = 0.4 - (0.1 * Math.Log10(rate)) + (rule == "sgd" ? 0 : 0.25);
        return new SimulatedRun(new SimulationTerms
        {
            Seed = (1000 * seed) + n,
            Pushes = 400,
            Loss = version => end + (2 * Math.Pow(0.98, version)) + (0.02 * Math.Sin((1000 * seed) + n)),
            Settings = new Dictionary<string, string>
            {
                ["rate"] = rate.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["rule"] = rule,
                ["threads"] = threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["seed"] = n.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
        });
    })];

    /// <summary>Runs like each other, one of which has a worker that hardly moves.</summary>
    public static IReadOnlyList<IRunRecords> OneOdd(long seed, int runs,
        int odd) => [.. Enumerable.Range(0, runs).Select(n => new SimulatedRun(new SimulationTerms
    {
        Seed = (1000 * seed) + n,
        Pushes = 600,
        MeanMs = worker => n == odd ? 40 : 10,
        Loss = version => n == odd ? 3 : 0.3 + (2 * Math.Pow(0.99, version)),
    }))];

    /// <summary>Runs of which every third learns much more slowly.</summary>
    public static IReadOnlyList<IRunRecords> TwoFamilies(long seed, int runs) => [.. Enumerable.Range(0, runs).Select(n => new SimulatedRun(new SimulationTerms
    {
        Seed = (1000 * seed) + n,
        Pushes = 400,
        Loss = version => 0.3 + (1.5 * Math.Pow(n % 3 == 0 ? 0.999 : 0.98, version)),
    }))];

    /// <summary>Runs that differ by their seeds alone.</summary>
    public static IReadOnlyList<IRunRecords> Alike(long seed, int runs) => [.. Enumerable.Range(0, runs).Select(n => Clean((1000 * seed) + n))];

    /// <summary>What is said against a run.</summary>
    public static IEnumerable<Finding> Accusations(IAnalyzer analyzer, IRunRecords run) =>
        analyzer.Analyze([run], TestContext.Current.CancellationToken)
            .Where(finding => finding.Grade is not (FindingGrade.Measured or FindingGrade.Inconclusive));
}
