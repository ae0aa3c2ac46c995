namespace Orchestrator.Host.Tests;

/// <summary>Small real training: LeNet5 on glyphs, a few hundred gradients.</summary>
internal static class Pipelines
{
    public const string Small = """
        {
          "name": "small",
          "dataset": { "type": "glyphs", "train": 1200, "test": 300 },
          "model": "lenet5",
          "optimizer": { "type": "sgd", "learningRate": 0.01, "momentum": 0.9 },
          "workers": { "count": 6, "batchSize": 16, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.3 } },
          "stop": { "updates": 150 },
          "evaluation": { "everyUpdates": 60 }
        }
        """;

    /// <summary>As <see cref="Small"/>, but it would take hours.</summary>
    public static string Endless { get; } = Small.Replace("\"updates\": 150", "\"updates\": 100000000");
}
