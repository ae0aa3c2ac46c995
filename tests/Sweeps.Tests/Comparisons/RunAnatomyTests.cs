namespace Orchestrator.Sweeps.Tests.Comparisons;

public sealed class RunAnatomyTests : IDisposable
{
    private const string Settings = """ "optimizer": { "type": "sgd" } """;

    private readonly WrittenRuns runs = new();

    public void Dispose() => runs.Dispose();

    [Fact]
    public void Factors_AreTheStreamsThatVary()
    {
        // Timing makes four points, initialisation none.
        foreach (var (init, compute) in from i in Enumerable.Range(1, 4) from c in Enumerable.Range(1, 4) select (i, c))
        {
            runs.Write(
                "anatomy", 7, $$"""{{Settings}}, "streams": { "batches": 5, "init": {{init}}, "compute": {{compute}} } """,
                80 + compute + (0.01 * ((init * compute) % 3)));
        }

        var (cell, table) = Assert.Single(Anatomy("anatomy", out _)!);

        Assert.Equal("", cell);
        Assert.Equal(["compute", "init"], table.Anatomy.Factors);
        Assert.InRange(table.Anatomy.Components[0].Variance, 1.6, 1.7);
        Assert.InRange(table.Anatomy.Components[1].Share, 0, 0.01);
        Assert.Contains("compute (4 levels), init (4 levels): every combination.", table.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCell_HasItsOwn()
    {
        var all = from r in new[] { "sgd", "adam" } from i in Enumerable.Range(1, 3) from c in Enumerable.Range(1, 3) select (r, i, c);
        foreach (var (rule, init, compute) in all)
        {
            runs.Write(
                "anatomy", 7, $$""" "optimizer": { "type": "{{rule}}" }, "streams": { "init": {{init}}, "compute": {{compute}} } """,
                80 + compute + (init / 7.0));
        }

        Assert.Equal(["optimizer.type = sgd", "optimizer.type = adam"], Anatomy("anatomy", out _)!.Select(t => t.Cell));
    }

    [Fact]
    public void RunsThatVaryInNothing_AreRefused()
    {
        runs.Write("anatomy", 7, Settings, 80);

        Assert.Null(Anatomy("anatomy", out var problem));
        Assert.Contains("Neither the seed nor a stream varies", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsWithoutTheMetric_AreNotTakenForRunsThatDidNotConverge()
    {
        runs.Write("anatomy", 7, Settings, 80);

        Assert.Null(RunAnatomy.Of(ComparisonOperand.Find(runs.Output, "results", "anatomy", [], out _)!, RunMetric.All.Single(m => m.Key == "validation-accuracy"), out var problem));
        Assert.Contains("no run has the metric validation-accuracy", problem, StringComparison.Ordinal);
    }

    private IReadOnlyList<(string Cell, Statistics.Tables.AnatomyTable Table)>? Anatomy(string name, out string? problem) =>
        RunAnatomy.Of(ComparisonOperand.Find(runs.Output, "results", name, [], out _)!, RunMetric.All[0], out problem);
}
