using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>Runs whose workers hold natural groups of samples.</summary>
public sealed class NaturalGroupsTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("in-process", null)]
    [InlineData("tcp", null)]
    [InlineData("in-process", """{"share":0.25}""")]
    public void AWorkerHoldsGroupsWhole_AndTheRunFolderSaysWhich(string transport, string? validation)
    {
        string[] kept = validation is null ? [] : ["--set", $"evaluation.sets.validation={validation}"];
        var run = program.RunJson(program.Pipeline(Pipeline()), 0, ["--data", program.Folder, "--set", $"transport.type={transport}", .. kept]);
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run.GetProperty("folder").GetString()!, "run.json")));
        Assert.Equal(["a", "b"], document.RootElement.GetProperty("run").GetProperty("classNames").EnumerateArray().Select(name => name.GetString()!));
        var rows = File.ReadLines(Path.Combine(run.GetProperty("folder").GetString()!, "groups.csv")).Skip(1).Select(line => line.Split(',')).ToList();

        Assert.Equal(["user 0", "user 1", "user 2", "user 3", "user 4", "user 5"], rows.Select(row => row[1]).Order());
        Assert.All(rows.GroupBy(row => row[0]), group => Assert.Equal(2, group.Count()));
        Assert.Equal(validation is null ? 60 : 45, rows.Sum(row => int.Parse(row[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void WithoutGroups_TheMistakeSaysWhatNamesThem()
    {
        string[] without = ["--set", "dataset.group=null", "--set", "dataset.inputs=[\"x\"]"];
        var ended = program.Run(["validate", program.Pipeline(Pipeline()), "--data", program.Folder, .. without]);

        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("partitioner: The samples have no groups", ended.Error);
    }

    private string Pipeline()
    {
        var rows = new StringBuilder("user,x,label\n");
        for (var i = 0; i < 60; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"user {i * 7 % 6},{i % 11},{(i % 3 == 0 ? "a" : "b")}\n");
        }

        File.WriteAllText(Path.Combine(program.Folder, "own.csv"), rows.ToString());
        return """
            {
              "dataset": { "type": "csv", "file": "own.csv", "testFile": "own.csv", "group": "user" },
              "model": "softmax-regression",
              "partitioner": "by-column",
              "optimizer": { "type": "sgd", "learningRate": 0.01 },
              "workers": { "count": 3, "batchSize": 4, "compute": { "type": "constant", "ms": 5 } },
              "stop": { "updates": 12 }
            }
            """;
    }
}
