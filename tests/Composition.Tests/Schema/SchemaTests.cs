using System.Text.Json.Nodes;

namespace Orchestrator.Composition.Tests;

public class SchemaTests
{
    private const string Committed = "pipelines/pipeline.schema.json";

    private static readonly string Current = PipelineSchema.Write(Shipped.Catalog);

    /// <summary>
    /// With ORCHESTRATOR_ACCEPT=1 the test writes the file instead of comparing it.
    /// </summary>
    [Fact]
    public void The_committed_schema_is_current()
    {
        var file = Path.Combine(Repository.Root, Committed);
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
        {
            File.WriteAllText(file, Current);
        }

        Assert.True(File.ReadAllText(file) == Current, $"{Committed} is not what the plugins say now; run the tests with ORCHESTRATOR_ACCEPT=1 and commit it");
    }

    [Fact]
    public void Every_shipped_pipeline_is_valid_for_an_independent_implementation()
    {
        var results = SchemaCheck.Run(Current, ShippedPipelines().ToDictionary(f => f, Plain), TestContext.Current.CancellationToken);
        Assert.NotEmpty(results);
        Assert.All(results, r => Assert.True(r.Value.Length == 0, $"{r.Key}: {string.Join("; ", r.Value)}"));
    }

    /// <summary>One wrong value each: the schema refuses what the program refuses.</summary>
    [Fact]
    public void The_schema_refuses_what_the_program_refuses()
    {
        string[] wrong =
        [
            "workers.count=0", "workers.count=1.5", "workers.count=\"4\"", "workers.cuont=4", "optimizer.learningRate=0", "optimizer.momentum=1",
            "optimizer.momentun=1",
            "optimizer.type=sdg", "optimizer=sgd2", "clock=virtuel", "model.layers[0].units=0", "model.layers[0].type=dens", "model.layers[1]=rely",
            "model.factors=[3]",
            "model.start={}", "model.start={\"scale\":1,\"shape\":\"square\"}", "model.dropout=1", "name=../up", "telemetry=on", "seed=-1", "streams.delay=-1",
            "streams.dealy=1", "stop.passes=0",
            "stop=7", "optimizer.corrections=gap-aware", "optimizer.corrections=[{\"type\":\"hinge\",\"slop\":1}]",
            "workers.overrides=[{\"delay\":\"constant\"}]",
            "workers.delay=constant", "workers.compute={\"type\":\"constant\"}", "dataset={}", "dataset=null",
        ];
        AssertAgreement(wrong, isValid: false);
    }

    [Fact]
    public void The_schema_accepts_what_the_program_accepts()
    {
        string[] right =
        [
            "seed=3", "workers.count=1e1", "clock=wall", "model.start={\"scale\":1,\"shape\":\"heavy-tailed\"}", "model.factors=[0,2]", "model.dropout=null",
            "model.layers[2]={\"type\":\"dense\",\"units\":2,\"bias\":false}", "optimizer.corrections=[{\"type\":\"hinge\",\"slope\":2},\"gap-aware\"]",
            "optimizer.schedules=[]",
            "telemetry={\"endpoint\":\"http://x\"}", "workers.delay=null", "workers.overrides=[{\"workers\":[1],\"delay\":{\"type\":\"constant\",\"ms\":3}}]",
            "consistency=bulk-synchronous",
            "evaluation={\"everyUpdates\":10,\"atStart\":false}", "$schema=x",
        ];
        AssertAgreement(right, isValid: true);
    }

    [Fact]
    public void A_document_that_extends_another_may_leave_anything_out_but_not_get_it_wrong()
    {
        var documents = new Dictionary<string, string>
        {
            ["seed only"] = """{ "extends": "base.json", "seed": 2 }""",
            ["option without type"] = """{ "extends": "base.json", "optimizer": { "momentum": 0.5 } }""",
            ["type without rate"] = """{ "extends": "base.json", "optimizer": { "type": "adam" } }""",
            ["short form"] = """{ "extends": "base.json", "optimizer": "adam" }""",
            ["wrong: unknown option"] = """{ "extends": "base.json", "optimizer": { "momentun": 0.5 } }""",
            ["wrong: range"] = """{ "extends": "base.json", "optimizer": { "type": "sgd", "momentum": 5 } }""",
            ["wrong: element"] = """{ "extends": "base.json", "workers": { "overrides": [ {} ] } }""",
            ["wrong: nothing extended"] = """{ "seed": 2 }""",
        };
        var results = SchemaCheck.Run(PipelineSchema.Write(Shipped.WithFixtures), documents, TestContext.Current.CancellationToken);
        Assert.All(
            results, r => Assert.True(r.Key.StartsWith("wrong", StringComparison.Ordinal) == r.Value.Length > 0, $"{r.Key}: {string.Join("; ", r.Value)}"));
    }

    [Fact]
    public void Every_plugin_and_every_option_is_described()
    {
        var definitions = JsonNode.Parse(PipelineSchema.Write(Shipped.WithFixtures))!["definitions"]!;

        // No pipeline names an analyzer or a launcher.
        foreach (var plugin in Shipped.WithFixtures.Plugins.Where(plugin => plugin.Kind is not (PluginKind.Analyzer or PluginKind.Launcher)))
        {
            var properties = definitions[$"{plugin.Kind.Name}.{plugin.Name}"]!["properties"]!;
            Assert.All(plugin.Options.Options, option => Assert.Equal(option.Description, (string?)properties[option.Name]!["description"]));
        }
    }

    [Fact]
    public void A_schema_without_plugins_is_still_a_schema() =>
        Assert.NotEmpty(SchemaCheck.Run(
            PipelineSchema.Write(Shipped.Read()), new Dictionary<string, string> { ["none"] = "{}" }, TestContext.Current.CancellationToken)["none"]);

    internal static IEnumerable<string> ShippedPipelines() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "pipelines"), "*.json", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".schema.json", StringComparison.Ordinal));

    private static void AssertAgreement(IReadOnlyList<string> sets, bool isValid)
    {
        var documents = sets.ToDictionary(s => s, s => Changed(Documents.Good, s));
        var results = SchemaCheck.Run(PipelineSchema.Write(Shipped.WithFixtures), documents, TestContext.Current.CancellationToken);
        Assert.All(sets, set => Assert.True(Documents.Load(documents[set]).Mistakes.Count == 0 == isValid, $"the program on {set}"));
        Assert.All(sets, set => Assert.True(results[set].Length == 0 == isValid, $"the schema on {set}: {string.Join("; ", results[set])}"));
    }

    private static string Changed(string json, string set)
    {
        var mistakes = new Mistakes();
        var document = (ObjectNode)DocumentReader.ReadFile(System.Text.Encoding.UTF8.GetBytes(json), "p.json", mistakes)!;
        SetArgument.Apply(document, set, mistakes);
        Assert.False(mistakes.Any);
        return JsonText.Compact(document);
    }

    private static string Plain(string file) => JsonText.Compact(DocumentReader.ReadFile(File.ReadAllBytes(file), file, new Mistakes())!);
}
