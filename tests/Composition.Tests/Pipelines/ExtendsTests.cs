namespace Orchestrator.Composition.Tests;

public sealed class ExtendsTests : IDisposable
{
    private readonly Written files = new();

    public ExtendsTests() => files.File("base.json", Documents.Good);

    public void Dispose() => files.Dispose();

    [Fact]
    public void Objects_merge_and_everything_else_replaces()
    {
        var pipeline = Resolve(files.File("a.json", """{ "extends": "base.json", "workers": { "count": 8 }, "optimizer": { "corrections": [] } }"""));
        Assert.Equal((8, 8, "constant"), (pipeline.Workers.Count, pipeline.Workers.BatchSize, pipeline.Workers.Compute!.Name));
        Assert.Empty(pipeline.Optimizer.Corrections);
        Assert.Contains("\"momentum\":0.9", pipeline.Optimizer.Rule.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_of_a_chain_are_relative_to_the_file_that_names_them()
    {
        files.File("sub/middle.json", """{ "extends": "../base.json", "seed": 7 }""");
        Assert.Equal(7, Resolve(files.File("top.json", """{ "extends": "sub/middle.json" }""")).Seed);
    }

    [Theory]
    [InlineData("""{ "type": "adam" }""")]
    [InlineData("\"adam\"")]
    public void Another_plugin_drops_the_old_ones_options_and_keeps_the_common_ones(string optimizer)
    {
        var pipeline = Resolve(files.File("a.json", $$"""{ "extends": "base.json", "optimizer": {{optimizer}} }"""));
        Assert.Equal(("adam", 0.02, 1), (pipeline.Optimizer.Rule.Name, pipeline.Optimizer.LearningRate, pipeline.Optimizer.Corrections.Count));
        Assert.DoesNotContain("momentum", pipeline.CanonicalJson, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_names_the_file_and_line_that_the_value_came_from()
    {
        files.File("wrong.json", "{\n  \"extends\": \"base.json\",\n  \"workers\": { \"count\": 0 }\n}");
        var result = Load(files.File("top.json", """{ "extends": "wrong.json", "seed": -1 }"""));
        Assert.Equal(
            [$"{Path.Combine(files.Folder, "wrong.json")}:3:25: workers.count", $"{Path.Combine(files.Folder, "top.json")}:1:36: seed"],
            result.Mistakes.Select(m => $"{m.Where}: {m.Path}"));
    }

    [Fact]
    public void A_cycle_is_told()
    {
        files.File("a.json", """{ "extends": "b.json" }""");
        var result = Load(files.File("b.json", """{ "extends": "a.json" }"""));
        Assert.Contains("comes back to", Assert.Single(result.Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_extends_itself_is_told() =>
        Assert.Contains("comes back to", Assert.Single(Load(files.File("a.json", """{ "extends": "a.json" }""")).Mistakes).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_base_is_told_with_the_nearest_name()
    {
        var mistake = Assert.Single(Load(files.File("a.json", """{ "extends": "bose.json" }""")).Mistakes);
        Assert.Equal("extends", mistake.Path);
        Assert.Contains("there is no file", mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith("did you mean 'base.json'?", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"\"")]
    [InlineData("""["base.json"]""")]
    [InlineData("null")]
    public void A_base_that_is_no_path_is_told(string value) =>
        Assert.Equal("extends", Assert.Single(Load(files.File("a.json", $$"""{ "extends": {{value}} }""")).Mistakes).Path);

    [Fact]
    public void A_very_long_chain_is_told()
    {
        for (var i = 0; i < 40; i++)
        {
            files.File($"{i}.json", $$"""{ "extends": "{{i + 1}}.json" }""");
        }

        Assert.Contains("longer than 32 files", Assert.Single(Load(Path.Combine(files.Folder, "0.json")).Mistakes).Message, StringComparison.Ordinal);
    }

    private static PipelineResult Load(string path) => Pipeline.Load(path, Shipped.WithFixtures, Shipped.Request());

    private static ResolvedPipeline Resolve(string path)
    {
        var result = Load(path);
        Assert.True(result.Mistakes.Count == 0, string.Join('\n', result.Mistakes));
        return result.Pipeline!;
    }
}
