using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

public class SetTests
{
    [Fact]
    public void A_value_is_created_or_replaced()
    {
        var pipeline = Documents.Resolve(Documents.Good, "workers.count=6", "seed=9", "clock=wall", "stop.seconds=1.5");
        Assert.Equal((6, 9L, ClockKind.Wall, 1.5), (pipeline.Workers.Count, pipeline.Seed, pipeline.Clock, pipeline.Stop.Seconds));
    }

    [Fact]
    public void The_last_one_counts() => Assert.Equal(3, Documents.Resolve(Documents.Good, "seed=2", "seed=3").Seed);

    [Fact]
    public void Elements_of_lists_are_replaced_and_appended()
    {
        var pipeline = Documents.Resolve(
            Documents.Good, "optimizer.corrections[0]=gap-aware", "optimizer.corrections[1]=delay-adaptive", "workers.overrides[0].workers=[1]",
            "workers.overrides[0].delay.type=constant", "workers.overrides[0].delay.ms=3");
        Assert.Equal(["gap-aware", "delay-adaptive"], pipeline.Optimizer.Corrections.Select(c => c.Name));
        Assert.Contains("\"ms\":3", pipeline.Workers.DelayOf(1)!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_brackets_and_quotes_may_hold_dots_and_equals_signs()
    {
        using var files = new Written();
        var template = PipelineTemplate.Read(
            files.File("p.json", Documents.Good), Shipped.WithFixtures, Shipped.Request("sweep.axes[\"a.b\"].variants[\"c d=0.5\"].seed=7"), out var mistakes)!;
        Assert.Empty(mistakes);
        Assert.Equal(["c d=0.5"], template.Sweep!.Axes["a.b"].Variants!.Keys);
        foreach (var broken in new[] { "sweep.axes[\"a.b=1", "sweep.axes[\"\"]=1", "sweep.axes[a]=1", "sweep[\"axes\"]x=1", "sweep..axes=1", "sweep.=1" })
        {
            Assert.Contains("is not a path", Assert.Single(Documents.Load(Documents.Good, broken).Mistakes).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_short_form_can_be_given_options()
    {
        Assert.Contains("\"train\":50", Documents.Resolve(Documents.Good, "dataset.train=50").Dataset.Json, StringComparison.Ordinal);
        Assert.Contains(
            "\"power\":2",
            Documents.Resolve(Documents.Good, "optimizer.corrections[0]=polynomial", "optimizer.corrections[0].power=2").Optimizer.Corrections[0].Json,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optimizer.type=adam")]
    [InlineData("optimizer=adam")]
    public void Another_plugin_drops_the_old_ones_options_and_keeps_the_common_ones(string set)
    {
        var optimizer = Documents.Resolve(Documents.Good, set).Optimizer;
        Assert.Equal(("adam", 0.02), (optimizer.Rule.Name, optimizer.LearningRate));
    }

    [Theory]
    [InlineData("optimizer={\"type\":\"sgd\",\"learningRate\":0.1", "is not JSON at its end")]
    [InlineData("optimizer={type:sgd}", "'{type:sgd}' is not JSON at character 2, behind '{'")]
    [InlineData("optimizer={\"type\":\"sgd\"}}", "is not JSON at character 15, behind '{\"type\":\"sgd\"}'")]
    [InlineData("workers.overrides=[{\n  \"workers\": [0] \"delay\": 1 }]", "is not JSON at character 21")]
    [InlineData("optimizer.corrections=[gap-aware]", "'[gap-aware]' is not JSON at character 2, behind '['")]
    [InlineData("name=\"x", "'\"x' is not JSON at its end")]
    public void Broken_JSON_says_where_it_breaks(string argument, string cause)
    {
        var mistake = Assert.Single(Documents.Load(Documents.Good, argument).Mistakes);
        Assert.Equal("--set", mistake.Where);
        Assert.Contains(cause, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers.count=1000000", "--set workers.count=1000000", "partitioner")]
    [InlineData("workers.compute.type=uniform", "--set workers.compute.type=uniform", "workers.compute.minMs")]
    [InlineData("optimizer.type=easgd", "--set optimizer.type=easgd", "workers.rule")]
    public void A_mistake_that_a_value_makes_elsewhere_is_its_own(string argument, string where, string path)
    {
        // Right values around it, and a right file, are not to blame.
        var mistakes = Documents.Load(Documents.Good, "seed=3", argument, "name=other").Mistakes;
        Assert.Contains(mistakes, m => m.Path == path && m.Where == where);
        Assert.DoesNotContain(mistakes, m => m.Where.Contains(".json", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_of_the_file_stays_the_files()
    {
        var mistakes = Documents.Load(Documents.Good.Replace("\"stop\"", "\"stopp\"", StringComparison.Ordinal), "workers.count=1000000").Mistakes;
        Assert.Contains(mistakes, m => m.Path == "stopp" && m.Where.Contains(".json:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "path=value is expected, not ''")]
    [InlineData("seed", "path=value is expected, not 'seed'")]
    [InlineData("=1", "path=value is expected")]
    [InlineData("a..b=1", "'a..b' is not a path")]
    [InlineData("a[=1", "'a[' is not a path")]
    [InlineData("a[x]=1", "'a[x]' is not a path")]
    [InlineData("a[-1]=1", "'a[-1]' is not a path")]
    [InlineData("name.x=1", "name is a string ('good'), which has no 'x'")]
    [InlineData("optimizer.corrections[5]=hinge", "optimizer.corrections has 1 elements; [5] is none of them, and the next one is [1]")]
    [InlineData("optimizer.corrections[99999999999999]=hinge", "[99999999999999] is none of them")]
    [InlineData("extends=base.json", "a file's base cannot be changed on the command line")]
    public void An_argument_that_leads_nowhere_is_told(string argument, string cause)
    {
        var mistake = Documents.Load(Documents.Good, argument).Mistakes[0];
        Assert.Equal("--set", mistake.Where);
        Assert.Contains(cause, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_a_value_names_set()
    {
        var mistake = Assert.Single(Documents.Load(Documents.Good, "workers.count=many").Mistakes);
        Assert.Equal("--set: workers.count: 'many' is a string; an integer in [1, 1000000] is expected", mistake.ToString());
    }
}
