using Orchestrator.Statistics;

namespace Orchestrator.Sweeps.Tests;

public sealed class PublishedFileTests : IDisposable
{
    private const string Axes = """ "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 4] } """;

    private readonly Work work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_row_belongs_to_the_cell_of_its_settings()
    {
        var plan = Plan("source,workers.count,optimizer.momentum,value\r\nTable 2,2,0.0,88.5\r\n\"Table 2, below\",4,0.50,87.25\n", "");

        Assert.Equal([new(88.5), null, null, new(87.25)], plan.Cells.Select(cell => cell.Published));
    }

    [Fact]
    public void A_row_belongs_to_a_setting_where_an_axis_is_averaged_over()
    {
        work.File("published.csv", "optimizer.momentum,value\n0.5,87\n");
        const string Sweep = """{ "axes": { "optimizer.momentum": [0, 0.5], "workers.count": [2, 4] }, "average": ["workers.count"], "published": """
            + """{ "file": "published.csv" } }""";

        Assert.Equal([null, new(87)], work.Plan(Pipelines.Quadratic(Sweep)).Plan!.Groups.Select(group => group.Published));

        work.File("published.csv", "optimizer.momentum,workers.count,value\n0.5,2,87\n");
        Assert.Contains(
            "has a column of an averaged axis: 'workers.count' is averaged over",
            Assert.Single(work.Plan(Pipelines.Quadratic(Sweep)).Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_with_equal_settings_are_several_published_runs()
    {
        var plan = Plan("optimizer.momentum,workers.count,value\n0,2,88\n0,2,89\n0,2,NC\n0.5,2,NC\n0.5,2,NC\n", "");

        Assert.Equal(new PublishedValue(88.5, 2, Math.Sqrt(0.5), 1), plan.Cells[0].Published);
        Assert.Equal(new PublishedValue(null, 2), plan.Cells[2].Published);
    }

    [Fact]
    public void An_accuracy_at_chance_is_a_published_run_that_did_not_converge()
    {
        work.File("published.csv", "workers.count,value\n2,10.00\n2,71.43\n4,10.9\n");
        var plan = work.Plan("""
            {
              "name": "small", "dataset": "glyphs", "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.01 },
              "workers": { "compute": { "type": "gamma", "meanMs": 10 } },
              "stop": { "updates": 10 },
              "sweep": { "axes": { "workers.count": [2, 4] }, "published": { "file": "published.csv" } }
            }
            """).Plan!;

        Assert.Equal([new(71.43, 1, null, 1), new(null, 1)], plan.Cells.Select(cell => cell.Published));
    }

    [Fact]
    public void Number_and_spread_of_runs_are_read()
    {
        var plan = Plan("optimizer.momentum,workers.count,value,n,sd\n0,2,88,5,0.4\n0,4,88,,\n", "");

        Assert.Equal([new(88, 5, 0.4), new(88)], plan.Cells.Take(2).Select(cell => cell.Published));
    }

    [Fact]
    public void Only_published_combinations_are_run_where_that_is_asked() => Assert.Equal(
        ["optimizer.momentum=0.5 workers.count=4"],
        Plan("optimizer.momentum,workers.count,value\n0.5,4,87\n0.9,4,12\n", ", \"only\": true").Cells.Select(cell => cell.Label));

    [Fact]
    public void The_file_is_beside_the_pipeline_and_all_its_mistakes_are_told()
    {
        Assert.Contains("published.csv' cannot be read", Mistakes(null), StringComparison.Ordinal);
        var text = Mistakes("optimizer.momentun,workers.count,vlaue\n0,2,88\n");
        Assert.Contains("has no column 'optimizer.momentum', and the sweep has that axis; did you mean 'optimizer.momentun'?", text, StringComparison.Ordinal);
        Assert.Contains("has no column 'value'; did you mean 'vlaue'?", text, StringComparison.Ordinal);
        text = Mistakes("optimizer.momentum,workers.count,value,n,sd\n0,2,\"88,5\",,\n0,4,88,0,\n0.5,2,88,2,x\n");
        Assert.Contains("published.csv:2:1: sweep.published: the value '88,5' is no number", text, StringComparison.Ordinal);
        Assert.Contains("published.csv:3:1: sweep.published: n '0' and sd ''", text, StringComparison.Ordinal);
        Assert.Contains("published.csv:4:1: sweep.published: n '2' and sd 'x'", text, StringComparison.Ordinal);
        Assert.Contains(
            "sweep.published.only: leaves out every combination", Mistakes("optimizer.momentum,workers.count,value\n7,7,1\n", ", \"only\": true"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_gets_verdicts_for_the_cells_that_have_something_published()
    {
        var plan = Plan("optimizer.momentum,workers.count,value\n0,2,0.05\n0,4,9\n", "");
        CellSummary[] summaries = [.. plan.Cells.Select(_ => CellSummary.Of([0.04, 0.06, 0.05, 0.045, 0.055]))];

        var comparisons = PublishedCells.Compare(plan, plan.Groups, summaries);

        Assert.Equal([PublishedVerdict.Agrees, PublishedVerdict.Differs, null, null], comparisons.Select(c => c?.Verdict));
    }

    private SweepPlan Plan(string csv, string more)
    {
        work.File("published.csv", csv);
        var result = work.Plan(Pipelines.Quadratic($$"""{ {{Axes}}, "published": { "file": "published.csv"{{more}} } }"""));
        Assert.Empty(result.Mistakes);
        return result.Plan!;
    }

    private string Mistakes(string? csv, string more = "")
    {
        if (csv is not null)
        {
            work.File("published.csv", csv);
        }

        var result = work.Plan(Pipelines.Quadratic($$"""{ {{Axes}}, "published": { "file": "published.csv"{{more}} } }"""));
        Assert.Null(result.Plan);
        return string.Join('\n', result.Mistakes);
    }
}
