namespace Orchestrator.Composition.Tests;

/// <summary>
/// Loads documents given as text, against the real plugins and the mixed fixture.
/// </summary>
internal static class Documents
{
    /// <summary>A pipeline without a mistake.</summary>
    public const string Good = """
        {
          "name": "good",
          "dataset": "tiny",
          "model": { "type": "tiny", "layers": [ { "type": "dense", "units": 3 }, "relu" ] },
          "optimizer": { "type": "sgd", "learningRate": 0.02, "momentum": 0.9, "corrections": [ "staleness-aware" ] },
          "workers": { "count": 4, "batchSize": 8, "compute": { "type": "constant", "ms": 10 } },
          "stop": { "epochs": 2 }
        }
        """;

    public static PipelineResult Load(string json, params string[] sets)
    {
        using var files = new Written();
        return Pipeline.Load(files.File("p.json", json), Shipped.WithFixtures, Shipped.Request(sets));
    }

    /// <summary>The pipeline of a document that has no mistake.</summary>
    public static ResolvedPipeline Resolve(string json, params string[] sets)
    {
        var result = Load(json, sets);
        Assert.True(result.Mistakes.Count == 0, string.Join('\n', result.Mistakes));
        return result.Pipeline!;
    }

    /// <summary>The mistakes of the good document with changes, as <c>path: message</c>.</summary>
    public static IReadOnlyList<string> Mistakes(params string[] sets)
    {
        var result = Load(Good, sets);
        Assert.Null(result.Pipeline);
        return [.. result.Mistakes.Select(m => $"{m.Path}: {m.Message}")];
    }
}
