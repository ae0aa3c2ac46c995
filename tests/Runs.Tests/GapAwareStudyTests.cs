using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// The pipelines of <c>pipelines/seeds/gap-aware</c>, give the figures that its
/// README states: which rules diverge on the noisy quadratic (4,000 updates, eta 0.02, gamma 0.9),
/// and the times and speed-ups of gamma-distributed iterations.
/// </summary>
public sealed class GapAwareStudyTests : IDisposable
{
    private const double MeanSeconds = 0.128;
    private const int BatchSize = 128;

    private static readonly string[] Rules = ["heavy-ball", "nag-asgd", "multi-asgd", "lwp", "msnag", "dana-zero", "dana-ga", "gap-aware", "staleness-aware"];

    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Theory]
    [InlineData(8, new[] { "heavy-ball", "nag-asgd" })]
    [InlineData(16, new[] { "heavy-ball", "nag-asgd", "lwp", "msnag" })]
    public void ExactlyTheExpectedRules_Diverge(int workers, string[] expected) => Assert.Equal(expected, Diverged(workers, seed: 1));

    [Theory(Explicit = true)]
    [Trait("Slow", "true")]
    [InlineData(8, new[] { "heavy-ball", "nag-asgd" })]
    [InlineData(16, new[] { "heavy-ball", "nag-asgd", "lwp", "msnag" })]
    public void ExactlyTheExpectedRules_Diverge_ForFiveSeeds(int workers, string[] expected) =>
        Assert.All(Enumerable.Range(1, 5), seed => Assert.Equal(expected, Diverged(workers, seed)));

    [Fact]
    public void MultiAsgd_WithSixteenWorkers_IsLostWithoutDiverging() => Assert.True(Loss("multi-asgd", 16, seed: 1) > 1e3);

    [Theory]
    [InlineData("dana-zero", 5e-3)]
    [InlineData("dana-ga", 3e-3)]
    [InlineData("gap-aware", 1.2e-2)]
    [InlineData("staleness-aware", 3e-2)]
    public void RulesForStaleness_WithThirtyTwoWorkers_Converge(string rule, double bound) => Assert.InRange(Loss(rule, 32, seed: 1), 0, bound);

    [Theory(Explicit = true)]
    [Trait("Slow", "true")]
    [InlineData("dana-zero", 5e-3)]
    [InlineData("dana-ga", 3e-3)]
    [InlineData("gap-aware", 1.2e-2)]
    [InlineData("staleness-aware", 3e-2)]
    public void RulesForStaleness_WithThirtyTwoWorkers_Converge_ForFiveSeeds(string rule, double bound) =>
        Assert.All(Enumerable.Range(1, 5), seed => Assert.InRange(Loss(rule, 32, seed), 0, bound));

    // Without momentum an update is the gradient over the penalty, times the learning rate.
    [Theory]
    [InlineData("staleness-aware", 31.5, 32.5)]
    [InlineData("gap-aware", 10, 20)]
    public void GapAware_WithThirtyTwoWorkers_PenalisesLessThanStalenessAware(string rule, double least, double most)
    {
        var rows = Rows(Run(File(rule), "workers.count=32", "optimizer.momentum=0")).Skip(100);
        var penalty = rows.Average(row => Real(row[Column.LearningRate]) * Real(row[Column.GradientNorm]) / Real(row[Column.UpdateNorm]));
        Assert.InRange(penalty, least, most);
    }

    // Figure 3: four rounds of 20,000 equal machines; one round of unequal ones, whose standard
    // error is 0.32 points.
    [Theory]
    [InlineData("times-equal.json", 4, 0.95, 0.15)]
    [InlineData("times-unequal.json", 1, 27.9, 1.0)]
    public void ShareOfIterations_AQuarterAboveTheMean(string file, int rounds, double percent, double tolerance)
    {
        var late = Durations(Run(file, $"stop.updates={rounds}")).Select(d => d > 1.25 * MeanSeconds ? 100.0 : 0.0).Average();
        Assert.InRange(late, percent - tolerance, percent + tolerance);
    }

    // Figure 12, equal machines.
    [Theory]
    [InlineData(8, "asynchronous", 8.00)]
    [InlineData(8, "bulk-synchronous", 6.98)]
    [InlineData(32, "asynchronous", 32.0)]
    [InlineData(32, "bulk-synchronous", 26.26)]
    public void Speedup_OfEqualMachines(int workers, string consistency, double expected)
    {
        var run = Run("speedup-equal.json", $"workers.count={workers}", $"consistency.type={consistency}", $"stop.samples={20_000 * BatchSize}");
        Assert.InRange(Speedup(run), expected * 0.99, expected * 1.01);
    }

    [Fact]
    public void Speedup_OfUnequalMachines_IsTheSumOfTheirRates()
    {
        var run = Run("speedup-unequal.json", "workers.count=8", $"stop.samples={20_000 * BatchSize}");
        var rates = Rows(run).GroupBy(row => row[Column.Worker], row => Seconds(row)).Sum(worker => MeanSeconds / worker.Average());
        Assert.InRange(Speedup(run), rates * 0.99, rates * 1.01);
    }

    private string[] Diverged(int workers, int seed) =>
        [.. Rules.Where(rule => Run(File(rule), $"workers.count={workers}", $"seed={seed}").Status == RunStatus.Diverged)];

    private double Loss(string rule, int workers, int seed)
    {
        var run = Run(File(rule), $"workers.count={workers}", $"seed={seed}");
        Assert.Equal(RunStatus.Completed, run.Status);
        return run.TestLoss!.Value;
    }

    private RunSummary Run(string file, params string[] sets) => laboratory.Run(Laboratory.ShippedPipeline("seeds", "gap-aware", file), sets);

    private static string File(string rule) => rule == "heavy-ball" ? "quadratic.json" : $"quadratic-{rule}.json";

    private static double Speedup(RunSummary run) =>
        MeanSeconds * run.Samples / BatchSize / run.VirtualSeconds!.Value;

    private static IEnumerable<double> Durations(RunSummary run) => Rows(run).Select(Seconds);

    private static IEnumerable<string[]> Rows(RunSummary run) =>
        System.IO.File.ReadLines(Path.Combine(run.Folder, "updates.csv")).Skip(1).Select(line => line.Split(','));

    private static double Seconds(string[] row) => (Number(row[Column.ArrivedAtNs]) - Number(row[Column.PulledAtNs])) / 1e9;

    private static double Real(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static class Column
    {
        public const int Worker = 2;
        public const int PulledAtNs = 10;
        public const int ArrivedAtNs = 11;
        public const int GradientNorm = 13;
        public const int UpdateNorm = 14;
        public const int LearningRate = 16;
    }
}
