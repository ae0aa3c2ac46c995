using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>A pipeline of the soak: small training with one rule.</summary>
/// <param name="Name">Kind and name of the rule.</param>
/// <param name="Sets">What differs from <see cref="Pipeline"/>.</param>
internal sealed record SoakCase(string Name, params string[] Sets)
{
    public const string Pipeline = """
        {
          "name": "soak",
          "dataset": { "type": "glyphs", "train": 800, "test": 100 },
          "model": "lenet5",
          "optimizer": { "type": "sgd", "learningRate": 0.01, "momentum": 0.9 },
          "workers": { "count": 6, "batchSize": 8, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.3 } },
          "stop": { "samples": 5000 },
          "evaluation": { "everyUpdates": 300 }
        }
        """;

    // Elastic averaging is between the parameters of both sides.
    private const string Exchanging = "workers.rule={\"type\":\"local-steps\",\"steps\":2,\"push\":\"parameters\"}";

    /// <summary>Arguments of <c>run</c> for what differs.</summary>
    public string[] Arguments => [.. Sets.SelectMany(set => new[] { "--set", set })];

    /// <summary>
    /// One case for each rule that the program knows, so that a new one is in the soak without
    /// anybody thinking of it, and some that combine them.
    /// </summary>
    public static IReadOnlyList<SoakCase> All(Cli program)
    {
        using var listed = JsonDocument.Parse(program.Run("plugins", "list", "--json").Output);
        List<SoakCase> cases =
        [
            new(
                "overlapped pulls, look-ahead and correction", "workers.overlapPulls=true",
                "optimizer={\"type\":\"dana-zero\",\"momentum\":0.9,\"learningRate\":0.01,\"corrections\":[\"gap-aware\"]}"),
            new(
                "cancelled work with worker state", "consistency={\"type\":\"k-sync\",\"k\":3}", "workers.rule=\"dana-slim\"",
                "optimizer={\"type\":\"sgd\",\"learningRate\":0.01}"),
            new("skewed labels", "partitioner={\"type\":\"dirichlet\",\"alpha\":0.5}", "workers.delay={\"type\":\"exponential\",\"meanMs\":20}"),
        ];
        foreach (var plugin in listed.RootElement.GetProperty("plugins").EnumerateArray())
        {
            var (kind, rule) = (plugin.GetProperty("kind").GetString()!, Rule(plugin));
            string[]? sets = kind switch
            {
                "optimizer" when plugin.GetProperty("name").GetString() == "easgd" => [$"optimizer={rule[..^1]},\"learningRate\":0.01}}", Exchanging],
                "optimizer" => [$"optimizer={rule[..^1]},\"learningRate\":0.01}}"],
                "correction" => [$"optimizer.corrections=[{rule}]"],
                "worker-rule" => [$"workers.rule={rule}", "optimizer={\"type\":\"sgd\",\"learningRate\":0.01}"],
                "consistency" => [$"consistency={rule}"],
                _ => null,
            };
            if (sets is not null)
            {
                cases.Add(new SoakCase($"{kind} {plugin.GetProperty("name").GetString()}", sets));
            }
        }

        return cases;
    }

    // What has no default is a number of workers or pushes: half of the workers is within every
    // range.
    private static string Rule(JsonElement plugin)
    {
        var required = plugin.GetProperty("options").EnumerateArray().Where(option => option.GetProperty("required").GetBoolean());
        return "{" + string.Join(",",
            required.Select(option => $"\"{option.GetProperty("name").GetString()}\":{(option.GetProperty("type").GetString() == "integer" ? "3" : "0.5")}")
            .Prepend($"\"type\":\"{plugin.GetProperty("name").GetString()}\"")) + "}";
    }
}
