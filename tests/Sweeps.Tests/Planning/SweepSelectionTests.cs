using Orchestrator.Composition;

namespace Orchestrator.Sweeps.Tests;

/// <summary>Which combinations a sweep keeps, draws and compares.</summary>
public sealed class SweepSelectionTests : IDisposable
{
    private readonly Work work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_comparison_says_where_it_is_by_what_differs()
    {
        var plan = Plan("""
            { "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 8], "workers.batchSize": [1, 4] },
              "where": { "workers.count": 8 }, "compare": { "axis": "optimizer.momentum" } }
            """);

        Assert.Equal(["workers.batchSize = 1", "workers.batchSize = 4"], Sweeps.Comparisons.Of(plan).Select(comparison => comparison.Environment));
    }

    [Theory]
    [InlineData("""{ "where": { "optimizer.momentum": 0.5 } }""")]
    [InlineData("""{ "exclude": [{ "optimizer.momentum": 0 }] }""")]
    public void Where_the_baseline_is_left_out_nothing_is_compared_and_that_is_said(string leave)
    {
        const string Axes = """{ "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 8] }, "compare": { "axis": "optimizer.momentum", "baseline": "0" }, """;
        var (all, without) = (Plan(Axes + "\"where\": {} }"), Plan(Axes + leave[1..]));

        Assert.Equal(2, Sweeps.Comparisons.Of(all).Count);
        Assert.Empty(all.Hints);
        Assert.Empty(Sweeps.Comparisons.Of(without));
        Assert.Equal("sweep.compare.baseline: '0' is in none of the cells, so nothing is compared", Assert.Single(without.Hints).ToString());
    }

    [Theory]
    [InlineData("""{ "optimizer.momentum": 0.5 }""", new[] { "0.5 2", "0.5 16", "0.5 8" })]
    [InlineData("""{ "optimizer.momentum": [0.50, 0.0], "W": [2, "8"] }""", new[] { "0 2", "0 8", "0.5 2", "0.5 8" })]
    [InlineData("""{ "optimizer.momentum": 0.9, "W": ["2", "8"] }""", new[] { "0.9 8" })]
    public void Where_keeps_what_it_names_and_the_cells_keep_their_keys(string where, string[] kept)
    {
        static string Sweep(string where) => $$"""
            { "axes": { "optimizer.momentum": [0, 0.5, 0.9],
                        "W": { "variants": { "2": { "workers.count": 2 }, "16": { "workers.count": 16 }, "8": { "workers.count": 8 } } } },
              "exclude": [{ "optimizer.momentum": 0.9, "W": "2" }], "where": {{where}} }
            """;
        var (all, some) = (Plan(Sweep("{}")), Plan(Sweep(where)));

        Assert.Equal(kept, some.Cells.Select(cell => string.Join(' ', cell.Values.Select(value => value.Text))));
        Assert.All(some.Cells, cell => Assert.Equal(all.Cells.Single(one => one.Label == cell.Label).Key, cell.Key));
        Assert.NotEqual(SweepDocument.IdOf(all), SweepDocument.IdOf(some));
        Assert.Equal(SweepDocument.IdOf(all), SweepDocument.IdOf(Plan(Sweep("{}").Replace(", \"where\": {}", "", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("[0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]")]
    [InlineData("""{ "from": 0, "to": 0.9 }""")]
    public void Where_keeps_some_of_the_cells_that_were_drawn(string momenta)
    {
        string Sweep(string where) => $$"""{ "axes": { "optimizer.momentum": {{momenta}}, "workers.count": [2, 4] }, "search": { "type": "random", "samples": 6 }, "where": {{where}} }""";
        var (all, some) = (Plan(Sweep("{}")), Plan(Sweep("""{ "workers.count": 2 }""")));

        Assert.Equal(6, all.Cells.Count);
        Assert.Equal(all.Cells.Where(cell => cell.Values[1].Text == "2").Select(cell => cell.Key), some.Cells.Select(cell => cell.Key));
    }

    [Fact]
    public void A_random_search_draws_the_same_cells_each_time()
    {
        const string Sweep =
            """{ "axes": { "optimizer.learningRate": { "from": 0.0001, "to": 0.1, "scale": "log" }, "workers.count": [2, 4] }, "search": """
                + """{ "type": "random", "samples": 30, "seed": 3 } }""";
        var labels = Plan(Sweep).Cells.Select(cell => cell.Label).ToList();

        Assert.Equal(30, labels.Distinct().Count());
        Assert.Equal(labels, Plan(Sweep).Cells.Select(cell => cell.Label));
        var rates = Plan(Sweep).Cells.Select(cell => cell.Pipeline.Optimizer.LearningRate).ToList();
        Assert.All(rates, rate => Assert.InRange(rate, 0.0001, 0.1));
        Assert.InRange(rates.Count(rate => rate < 0.00316), 8, 22);
    }

    [Fact]
    public void A_random_search_of_a_grid_takes_each_cell_once()
    {
        var plan = Plan(
            """{ "axes": { "optimizer.momentum": [0, 0.1, 0.2, 0.3], "workers.count": [2, 3, 4] }, "search": { "type": "random", "samples": 5 } }""");

        Assert.Equal(5, plan.Cells.Select(cell => cell.Key).Distinct().Count());
        Assert.Equal(12, Plan(
            """{ "axes": { "optimizer.momentum": [0, 0.1, 0.2, 0.3], "workers.count": [2, 3, 4] }, "search": { "type": "random", "samples": 50 } """
                + """}""").Cells.Count);
    }

    [Fact]
    public void A_random_search_draws_settings_and_takes_all_values_of_an_averaged_axis()
    {
        var plan = Plan(
            """{ "axes": { "workers.batchSize": [1, 2], "optimizer.momentum": [0, 0.1, 0.2, 0.3] }, "average": ["workers.batchSize"], "search": """
                + """{ "type": "random", "samples": 3 } }""");

        Assert.Equal(3, plan.Groups.Count);
        Assert.All(plan.Groups, group => Assert.Equal(["1", "2"], group.Cells.Select(cell => cell.Values[0].Text)));
    }

    private SweepPlan Plan(string sweep) => work.Planned(Pipelines.Quadratic(sweep));
}
