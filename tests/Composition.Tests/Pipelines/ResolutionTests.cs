using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

public class ResolutionTests
{
    [Fact]
    public void Defaults_are_filled_in_and_short_forms_become_objects()
    {
        var pipeline = Documents.Resolve(Documents.Good);
        Assert.Equal("split-dataset", pipeline.Partitioner.Name);
        Assert.Equal("asynchronous", pipeline.Consistency.Name);
        Assert.Equal("in-process", pipeline.Transport.Name);
        Assert.Equal(ClockKind.Virtual, pipeline.Clock);
        Assert.Equal((1L, 1.0, true), (pipeline.Seed, pipeline.Evaluation.EveryEpochs, pipeline.Evaluation.AtStart));
        Assert.Equal("""{"type":"tiny","train":100,"classes":2}""", pipeline.Dataset.Json);
        Assert.Equal("staleness-aware", Assert.Single(pipeline.Optimizer.Corrections).Name);
        Assert.Empty(pipeline.Optimizer.Schedules);
    }

    [Fact]
    public void The_name_is_the_files_when_none_is_given()
    {
        using var files = new Written();
        var path = files.File("My Pipeline.json", Documents.Good.Replace("\"name\": \"good\",", "", StringComparison.Ordinal));
        Assert.Equal("my-pipeline", Pipeline.Load(path, Shipped.WithFixtures, Shipped.Request()).Pipeline!.Name);
    }

    [Fact]
    public void Options_reach_the_plugin_with_every_supported_type()
    {
        var pipeline = Documents.Resolve(
            Documents.Good, "model.start={\"scale\":1e0}", "model.salt=9007199254740993", "model.factors=[1,0.5]", "model.dropout=0.25", "model.label=a \\ b",
            "model.layers[1]=relu");
        var objective = pipeline.Model.Build(pipeline.Dataset.Create<IDataset>().Describe(new DataFolders([])));
        Assert.Equal("a \\ b/HeavyTailed", objective.KernelPath);
        Assert.Equal(12, objective.Layout.Length);
        Assert.Contains("\"salt\":9007199254740993", pipeline.CanonicalJson, StringComparison.Ordinal);
        Assert.Contains("\"start\":{\"scale\":1,\"shape\":\"heavy-tailed\"}", pipeline.CanonicalJson, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_create_makes_a_new_instance()
    {
        var rule = Documents.Resolve(Documents.Good).Optimizer.Rule;
        Assert.NotSame(rule.Create<IOptimizer>(), rule.Create<IOptimizer>());
    }

    [Fact]
    public void The_id_does_not_depend_on_order_spelling_comments_or_telemetry()
    {
        const string Other = """
            { // The same in other words.
              "stop": { "epochs": 2.0e0 }, "seed": 1, "clock": "virtual", "telemetry": { "endpoint": "http://localhost" },
              "workers": { "batchSize": 8, "count": 4.0, "compute": { "ms": 1e1, "type": "constant" }, "delay": null, "overrides": [], "absent": [] },
              "optimizer": { "momentum": 0.90, "type": "sgd", "corrections": [ { "type": "staleness-aware" } ], "learningRate": 2e-2, "weightDecay": -0 },
              "model": { "type": "tiny", "layers": [ { "type": "dense", "units": 3, "bias": true }, { "type": "relu" } ] },
              "dataset": { "type": "tiny" }, "name": "good",
            }
            """;
        var (one, other) = (Documents.Resolve(Documents.Good), Documents.Resolve(Other));
        Assert.Equal(one.CanonicalJson, other.CanonicalJson);
        Assert.Equal(one.Id, other.Id);
        Assert.Null(Documents.Resolve(Documents.Good, "telemetry={\"endpoint\":\"http://x\"}", "telemetry=null").Telemetry);
        Assert.Matches("^[0-9a-f]{12}$", one.Id);
        Assert.NotEqual(one.Id, Documents.Resolve(Documents.Good, "seed=2").Id);
    }

    [Fact]
    public void The_readable_document_loads_again_as_the_same_pipeline()
    {
        var pipeline = Documents.Resolve(Documents.Good, "telemetry={\"endpoint\":\"http://x\"}");
        var again = Documents.Resolve(pipeline.Json);
        Assert.Equal(pipeline.CanonicalJson, again.CanonicalJson);
        Assert.Equal(pipeline.Json, again.Json);
    }

    [Fact]
    public void Overrides_change_what_they_name_and_nothing_else()
    {
        var workers = Documents.Resolve(
            Documents.Good, "workers.delay={\"type\":\"constant\",\"ms\":1}",
            "workers.overrides=[{\"workers\":[2],\"delay\":{\"type\":\"constant\",\"ms\":90}}]").Workers;
        Assert.Same(workers.Overrides[0].Delay, workers.DelayOf(2));
        Assert.Same(workers.Delay, workers.DelayOf(3));
        Assert.Same(workers.Compute, workers.ComputeOf(2));
        Assert.Null(workers.NetworkOf(2));
    }

    [Fact]
    public void A_byte_order_mark_is_accepted()
    {
        using var files = new Written();
        var path = files.Bytes("p.json", [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Documents.Good)]);
        Assert.NotNull(Pipeline.Load(path, Shipped.WithFixtures, Shipped.Request()).Pipeline);
    }
}
