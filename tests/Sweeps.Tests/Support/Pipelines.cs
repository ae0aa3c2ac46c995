namespace Orchestrator.Sweeps.Tests;

/// <summary>Pipelines whose runs take milliseconds: a noisy quadratic, no data.</summary>
internal static class Pipelines
{
    /// <summary>A pipeline with a sweep.</summary>
    public static string Quadratic(string sweep, string updates = "50") => $$"""
        {
          "name": "small",
          "dataset": { "type": "quadratic", "samples": 64 },
          "model": "quadratic",
          "optimizer": { "type": "sgd", "learningRate": 0.01 },
          "workers": { "count": 3, "batchSize": 1, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "updates": {{updates}} },
          "evaluation": { "everyUpdates": 20 },
          "sweep": {{sweep}}
        }
        """;

    /// <summary>One whose runs take half a second of a core or so, with names of its own.</summary>
    public static string Soak(string sweep) => Quadratic(sweep, updates: "20000").Replace("\"small\"", "\"soak\"", StringComparison.Ordinal);
}
