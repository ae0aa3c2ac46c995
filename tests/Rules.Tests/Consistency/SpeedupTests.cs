using Orchestrator.Abstractions;
using Orchestrator.Consistency;
using Orchestrator.Delays;
using Orchestrator.Numerics;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

/// <summary>
/// Figure 12 of the gap-aware paper: the speed-up, 128 x batches / time, of asynchronous and
/// synchronous rounds when iterations take gamma times of mean 128. The figures are those of an
/// independent simulation.
/// </summary>
public sealed class SpeedupTests(ITestOutputHelper output)
{
    private const double MeanMs = 128;

    public static TheoryData<int, double, double, int, double, double, double> Table => new()
    {
        // N, equal machines: asynchronous, synchronous, staleness p99; unequal machines: the same
        { 2, 2.00, 1.89, 2, 3.20, 1.89, 3.4 },
        { 4, 4.00, 3.62, 5, 6.11, 2.71, 10 },
        { 8, 8.00, 6.98, 10, 12.3, 4.33, 25 },
        { 16, 16.0, 13.51, 20, 24.9, 7.16, 55 },
        { 32, 32.0, 26.26, 40, 49.9, 12.39, 111 },
        { 64, 64.0, 51.23, 80, 100, 21.86, 225 },
        { 128, 127.9, 100.1, 160, 199, 39.33, 450 },
    };

    [Theory]
    [InlineData(2, 2.00, 1.89, 2)]
    [InlineData(8, 8.00, 6.98, 10)]
    [InlineData(32, 32.0, 26.26, 40)]
    public void Equal_machines(int workers, double asynchronous, double synchronous, int staleness)
        => Homogeneous(workers, asynchronous, synchronous, staleness, runs: 1);

    [Fact]
    public void Unequal_machines_one_draw_of_their_means()
    {
        const int Workers = 16;
        var machines = new Machines(new TwoLevelGamma(new(MeanMs)), Workers, draw: 3);
        var expected = Enumerable.Range(0, Workers).Sum(worker => MeanMs / machines.Trait(worker));
        Near(expected, Measure(new Asynchronous(), machines, 100_000).Speedup, 0.01);
    }

    [Fact]
    public void Unequal_machines_means_over_20_draws()
    {
        var (asynchronous, synchronous, _) = Heterogeneous(64, draws: 20, pushesPerWorker: 200);
        Near(100, asynchronous, 0.15);
        Near(21.86, synchronous, 0.15);
    }

    [Theory(Explicit = true)]
    [Trait("Slow", "true")]
    [MemberData(nameof(Table))]
    public void The_whole_table(
        int workers, double asynchronous, double synchronous, int staleness, double unequalAsynchronous, double unequalSynchronous, double unequalStaleness)
    {
        Homogeneous(workers, asynchronous, synchronous, staleness, runs: 20);
        var (a, s, p99) = Heterogeneous(workers, draws: 1500, pushesPerWorker: 1000);
        output.WriteLine($"N {workers}, unequal: asynchronous {a:F2}, synchronous {s:F2}, ratio {a / s:F2}, staleness p99 {p99:F1}");
        Near(unequalAsynchronous, a, 0.06);
        Near(unequalSynchronous, s, 0.06);
        Near(unequalStaleness, p99, 0.10);
    }

    private void Homogeneous(int workers, double asynchronous, double synchronous, int staleness, int runs)
    {
        var (a, s, p99) = (0.0, 0.0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            var machines = new Machines(new Gamma(new(MeanMs)), workers, run);
            var measured = Measure(new Asynchronous(), machines, 100_000);
            (a, p99) = (a + (measured.Speedup / runs), p99 + ((double)measured.StalenessP99 / runs));
            s += Measure(new BulkSynchronous(), machines, 100_000).Speedup / runs;
        }

        output.WriteLine($"N {workers}, equal: asynchronous {a:F2}, synchronous {s:F2}, ratio {a / s:F3}, staleness p99 {p99:F1}");
        Near(asynchronous, a, 0.01);
        Near(synchronous, s, 0.01);
        Assert.InRange(p99, staleness - 1, staleness + 1);
    }

    private static (double Asynchronous, double Synchronous, double StalenessP99) Heterogeneous(int workers, int draws, int pushesPerWorker)
    {
        var (a, s, p99) = (0.0, 0.0, 0.0);
        for (var draw = 0; draw < draws; draw++)
        {
            var machines = new Machines(new TwoLevelGamma(new(MeanMs)), workers, draw);
            var measured = Measure(new Asynchronous(), machines, (long)pushesPerWorker * workers);
            (a, p99) = (a + (measured.Speedup / draws), p99 + ((double)measured.StalenessP99 / draws));
            s += Measure(new BulkSynchronous(), machines, (long)pushesPerWorker / 4 * workers).Speedup / draws;
        }

        return (a, s, p99);
    }

    private static (double Speedup, long StalenessP99) Measure(IConsistency rule, Machines machines, long pushes)
    {
        var histogram = new long[16 * 1024];
        var run = new ToyRun(
            rule, machines.Workers, machines.Duration, toy => histogram[Math.Min(toy.Staleness, histogram.Length - 1)] += toy.Step == ToyStep.Apply ? 1 : 0);
        run.Until(pushes);
        var (p99, seen) = (0, histogram[0]);
        while (seen < 0.99 * histogram.Sum())
        {
            seen += histogram[++p99];
        }

        return (MeanMs * 1e6 * run.Applied / run.Time, p99);
    }

    private static void Near(double expected, double actual, double share)
        => Assert.True(Math.Abs(actual - expected) <= share * expected, $"{actual} is not within {share:P0} of {expected}.");

    private sealed class Machines
    {
        private readonly IDelay delay;
        private readonly double[] traits;
        private readonly StreamKey[] keys;
        private readonly RandomStream random;

        public Machines(IDelay delay, int workers, int draw)
        {
            var streams = new RandomStreams(draw);
            this.delay = delay;
            traits = [.. Enumerable.Range(0, workers).Select(worker => delay.Trait(worker, streams.Open("compute-trait", worker)))];
            keys = [.. Enumerable.Range(0, workers).Select(worker => streams.Key("compute", worker))];
            random = new RandomStream(keys[0]);
        }

        public int Workers => traits.Length;

        public double Trait(int worker) => traits[worker];

        public long Duration(int worker, long gradient)
        {
            random.Reset(keys[worker], gradient);
            return Math.Max(1, (long)(1e6 * delay.Milliseconds(new DelayDraw(worker, gradient, 128, 0, traits[worker], random))));
        }
    }
}
