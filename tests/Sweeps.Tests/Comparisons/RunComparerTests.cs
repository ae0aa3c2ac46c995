using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps.Tests.Comparisons;

public sealed class RunComparerTests : IDisposable
{
    private const string Plain = """ "optimizer": { "type": "sgd", "momentum": 0.9, "corrections": [] }, "workers": { "count": 5 } """;
    private const string GapAware =
        """ "optimizer": { "type": "sgd", "momentum": 0.9, "corrections": [ { "type": "gap-aware", "beta": 0.999 } ] }, "workers": { "count": 5 } """;

    private readonly WrittenRuns runs = new();
    private readonly List<string> notes = [];

    public void Dispose() => runs.Dispose();

    [Fact]
    public void TwoPipelines_AreVariants_PairedBySeed()
    {
        runs.Write("plain", Plain, 87, 88, 86.5, 87.2, 88.4, 86.9, 87.6);
        runs.Write("gap-aware", GapAware, 88.9, 89.8, 88.6, 89.3, 90.1, 88.8, 89.7);
        var report = Compare("plain", "gap-aware");
        var comparison = Assert.Single(report.Comparisons.Family.Comparisons);

        Assert.Equal(("gap-aware", "plain", 7), (comparison.A, comparison.B, comparison.Difference.N));
        Assert.Equal(Verdict.ABetter, comparison.Verdict);
        Assert.Null(report.Ranks);
        Assert.Contains("gap-aware is better than plain by 1.94 points", report.Paragraph, StringComparison.Ordinal);
        Assert.Contains("The runs took 0.7 core-hours.", report.Paragraph, StringComparison.Ordinal);
        Assert.Empty(report.Notes.Concat(notes));
    }

    [Fact]
    public void RunsWithoutConvergence_AreCounted()
    {
        runs.Write("plain", Plain, 87, 88, null, 87.2, 88.4, 86.9, 87.6);
        runs.Write("gap-aware", GapAware, 88.9, 89.8, 88.6, 89.3, 90.1, 88.8, 89.7);
        var report = Compare("plain", "gap-aware");

        Assert.Equal(6, report.Comparisons.Family.Comparisons[0].Difference.N);
        Assert.Equal((1, 0), report.Comparisons.Family.Comparisons[0].ConvergedAlone);
        Assert.Equal(new Proportion(1, 7), report.Cells.Rows.First(r => r.Values[^1] == "plain").Summary.NoConvergence);
        Assert.Contains("1 of 14 runs did not converge", report.Paragraph, StringComparison.Ordinal);
    }

    [Fact]
    public void OfTwoThatConvergeDifferentlyOften_TheOneThatDoesLessOftenRanksBehind()
    {
        foreach (var workers in (int[])[2, 10])
        {
            var count = $"\"count\": {workers}";
            runs.Write("plain", Plain.Replace("\"count\": 5", count, StringComparison.Ordinal), 95, null, null, null, null);
            runs.Write("gap-aware", GapAware.Replace("\"count\": 5", count, StringComparison.Ordinal), 88, 89, 87.4, 88.3, 89.4);
        }

        var ranks = Compare("plain", "gap-aware").Ranks!;

        Assert.Equal(["gap-aware", "plain"], ranks.Variants.Zip(ranks.Ranks.MeanRanks).OrderBy(v => v.Second).Select(v => v.First));
        Assert.Equal([1, 2], ranks.Ranks.MeanRanks.Order());
    }

    [Fact]
    public void WhatVariesWithinAVariant_MakesEnvironments_AndRanks()
    {
        foreach (var (workers, shift) in new[] { (2, 0.0), (10, -3.0), (5, -1.0) })
        {
            runs.Write(
                "plain", Plain.Replace("\"count\": 5", $"\"count\": {workers}", StringComparison.Ordinal), 87 + shift, 88 + shift, 86.5 + shift, 87.2 + shift,
                88.4 + shift);
            runs.Write(
                "gap-aware", GapAware.Replace("\"count\": 5", $"\"count\": {workers}", StringComparison.Ordinal), 88 + shift, 89 + shift, 87.4 + shift,
                88.3 + shift, 89.4 + shift);
        }

        var report = Compare("plain", "gap-aware");

        Assert.Equal(["workers.count = 2", "workers.count = 5", "workers.count = 10"], report.Comparisons.Family.Comparisons.Select(c => c.Environment));
        Assert.Equal(["workers.count", "variant"], report.Cells.Axes);
        Assert.Equal([2, 1], report.Ranks!.Ranks.MeanRanks);
    }

    [Fact]
    public void OneFolder_IsComparedAlongItsOnlyAxis()
    {
        runs.Write("momenta", Plain, 87, 88, 86.5, 87.2, 88.4);
        runs.Write("momenta", GapAware, 88.9, 89.8, 88.6, 89.3, 90.1);
        var comparison = Assert.Single(Compare(Path.Combine(runs.Output, "momenta")).Comparisons.Family.Comparisons);

        Assert.Equal(("gap-aware", "none"), (comparison.A, comparison.B));
    }

    [Fact]
    public void OneFolderWithSeveralAxes_AsksWhichOne()
    {
        foreach (var (momentum, workers) in new[] { ("0.5", "2"), ("0.5", "10"), ("0.9", "2"), ("0.9", "10") })
        {
            runs.Write("grid", $$""" "optimizer": { "momentum": {{momentum}} }, "workers": { "count": {{workers}} } """, 87, 88, 86.5, 87.2, 88.4);
        }

        var problem = Problem(null, "grid");
        Assert.Contains("--by says which one is compared: ", problem, StringComparison.Ordinal);
        Assert.Contains("optimizer.momentum (0.5, 0.9)", problem, StringComparison.Ordinal);
        Assert.Contains("workers.count (2, 10)", problem, StringComparison.Ordinal);
        Assert.Contains("the nearest is optimizer.momentum", Problem("optimizer.momentun", "grid"), StringComparison.Ordinal);
        var report = Along("momentum", "grid");
        Assert.Equal(
            [("0.9", "0.5", "workers.count = 2"), ("0.9", "0.5", "workers.count = 10")],
            report.Comparisons.Family.Comparisons.Select(c => (c.A, c.B, c.Environment)));
    }

    [Fact]
    public void LevelsOfStreams_PairOnlyWithTheirLike()
    {
        foreach (var level in new[] { 1, 2, 3, 4, 5 })
        {
            var streams = $$""" , "streams": { "delay": {{level}} } """;
            runs.Write("plain", 1, Plain + streams, 87 + level);
            runs.Write("gap-aware", 1, GapAware + streams, 88 + level);
        }

        Assert.Equal(5, Compare("plain", "gap-aware").Comparisons.Family.Comparisons[0].Difference.N);
    }

    [Fact]
    public void SeedsCrossedWithStreams_CountOnce_AndTellWhatPairingIsWorth()
    {
        foreach (var (seed, level) in from s in Enumerable.Range(1, 6) from l in Enumerable.Range(1, 3) select (s, l))
        {
            var streams = $$""" , "streams": { "compute": {{level}} } """;
            runs.Write("plain", seed, Plain + streams, 80 + seed + level + (0.1 * (seed * level % 4)));
            runs.Write("gap-aware", seed, GapAware + streams, seed == 6 && level == 2 ? null : 81 + seed + level);
        }

        var report = Compare("plain", "gap-aware");

        var comparison = report.Comparisons.Family.Comparisons[0];
        Assert.Equal((5, 0, 1), (comparison.Difference.N, comparison.ConvergedAlone.A, comparison.ConvergedAlone.B));
        Assert.Contains("1 of 12 means did not converge", report.Paragraph, StringComparison.Ordinal);
        Assert.Contains("its mean over compute", report.Paragraph, StringComparison.Ordinal);
        Assert.Contains("36 runs, 12 seeds of cells", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.Equal(4, Assert.Single(report.Pairing).Levels.Count);
    }

    [Fact]
    public void WhatDidNotEnd_AndEarlierAttempts_AreLeftOut_AndNamed()
    {
        runs.Write("plain", Plain, 87, 88, 86.5, 87.2, 88.4);
        runs.Write("plain", 1, Plain, 87.1);
        runs.Write("plain", 6, Plain, 1, RunStatus.Failed);
        runs.Write("gap-aware", GapAware, 88.9, 89.8, 88.6, 89.3, 90.1);

        Assert.Equal(5, Compare("plain", "gap-aware").Comparisons.Family.Comparisons[0].Difference.N);
        Assert.Equal(
            ["plain: 1 of 7 runs have not ended, or failed; they are left out", "plain: 1 runs are earlier attempts of others with the same settings and "
                + "seed; the newest counts"],
            notes);
    }

    [Fact]
    public void RunsOfDifferentKernels_AreNoted()
    {
        runs.Write("plain", Plain, 87, 88);
        runs.Write("gap-aware", 1, GapAware, 88, kernelPath: "managed/avx512");

        Assert.Equal(["runs of 2 kernel paths are compared: managed/avx2, managed/avx512"], Compare("plain", "gap-aware").Notes);
    }

    [Fact]
    public void Labels_NameOperands_AndABaselineIsOneOfThem()
    {
        runs.Write("plain", Plain, 87, 88);
        runs.Write("gap-aware", GapAware, 88, 89);
        runs.Write("third", GapAware.Replace("gap-aware", "staleness-aware", StringComparison.Ordinal), 88, 89);

        Assert.Equal([("b", "a"), ("third", "a")], Against("a", "a=plain", "b=gap-aware", "third").Comparisons.Family.Comparisons.Select(c => (c.A, c.B)));
        Assert.Contains("there is no variant 'plain'; there are a, b.", Problem(null, "plain", "a=plain", "b=gap-aware"), StringComparison.Ordinal);
        Assert.Contains("Two operands are called plain", Problem(null, null, "plain", "plain"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotThere_IsSaid()
    {
        runs.Write("plain", Plain, 87, 88);

        Assert.Null(ComparisonOperand.Find(runs.Output, "results", "plian", notes, out var problem));
        Assert.Contains("no such run among the 2", problem, StringComparison.Ordinal);
        Assert.Contains("All runs have the same settings", Problem(null, "plain"), StringComparison.Ordinal);
    }

    private RunComparisonReport Compare(params string[] operands) => Report(null, null, operands);

    private RunComparisonReport Along(string by, string operand) => Report(by, null, operand);

    private RunComparisonReport Against(string baseline, params string[] operands) => Report(null, baseline, operands);

    private RunComparisonReport Report(string? by, string? baseline, params string[] operands)
    {
        var report = RunComparer.Compare(Request(by, baseline, operands), out var problem);
        Assert.Null(problem);
        return report!;
    }

    private string Problem(string? by, string operand) => Problem(by, null, operand);

    private string Problem(string? by, string? baseline, params string[] operands)
    {
        Assert.Null(RunComparer.Compare(Request(by, baseline, operands), out var problem));
        return problem!;
    }

    private ComparisonRequest Request(string? by, string? baseline, string[] operands) => new()
    {
        Operands =
            [.. operands.Select(
                o => ComparisonOperand.Find(runs.Output, "results", o, notes, out var problem) ?? throw new InvalidOperationException(problem))],
        Metric = RunMetric.All[0],
        Delta = 0.5,
        By = by,
        Baseline = baseline,
    };
}
