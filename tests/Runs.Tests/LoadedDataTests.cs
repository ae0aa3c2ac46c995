using Orchestrator.Abstractions;

namespace Orchestrator.Runs.Tests;

/// <summary>What the runs of a process share is one reading of the files.</summary>
public sealed class LoadedDataTests : IDisposable
{
    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Fact]
    public void AFileThatGrows_WhileTheRunsOfAProcessShareIt_ChangesNoneOfThem()
    {
        var rows = Path.Combine(laboratory.Folder, "own.csv");
        File.WriteAllLines(rows, ["a,b,label", .. Enumerable.Range(0, 40).Select(i => $"{i},{i % 7},{i % 2}")]);
        var pipeline = laboratory.Load(laboratory.WriteText("""
            {
              "name": "rows",
              "dataset": { "type": "csv", "file": "own.csv", "testShare": 0.25 },
              "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.05 },
              "workers": { "count": 2, "batchSize": 4, "compute": { "type": "constant", "ms": 1 } },
              "stop": { "updates": 10 },
              "evaluation": { "everyUpdates": 10 }
            }
            """));
        var shared = new LoadedData();
        var first = ExperimentBuilder.Build(pipeline, laboratory.Options.Data, 1, shared);
        File.AppendAllLines(rows, Enumerable.Range(0, 40).Select(i => $"{i},{i % 5},{i % 3}"));
        var second = ExperimentBuilder.Build(pipeline, laboratory.Options.Data, 1, shared);

        Assert.Same(first.Data, second.Data);
        Assert.Equal((30, 10, 2), (second.Shape.TrainCount, second.Shape.TestCount, second.Shape.Classes));
        Assert.Equal(first.Partitions.Sum(part => part.Length), second.Partitions.Sum(part => part.Length));
    }

    [Fact]
    public void ABatchOfMoreThanThereIs_IsAPartition_AndTakesNoMoreMemory()
    {
        var rows = Enumerable.Range(0, 40).Select(i => string.Join(',', Enumerable.Range(0, 2200).Select(x => (i * x) % 7)) + $",{i % 2}");
        File.WriteAllLines(Path.Combine(laboratory.Folder, "wide.csv"), [string.Join(',', Enumerable.Range(0, 2200).Select(x => $"x{x}")) + ",label", .. rows]);
        var file = laboratory.WriteText("""
            {
              "name": "wide",
              "dataset": { "type": "csv", "file": "wide.csv", "testShare": 0.25 },
              "model": "softmax-regression",
              "optimizer": { "type": "sgd", "learningRate": 0.05 },
              "workers": { "count": 2, "batchSize": 1000000, "compute": { "type": "gamma", "meanMs": 1 } },
              "stop": { "updates": 10 },
              "evaluation": { "everyUpdates": 10 }
            }
            """);

        var run = laboratory.Run(file);

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(laboratory.Run(file, "workers.batchSize=15").Digest, run.Digest);
    }

    [Fact]
    public void WhatAPartitionerRefuses_SaysWhereItIsWritten()
    {
        var file = laboratory.Write("\"partitioner\": { \"type\": \"dirichlet\",\n    \"alpha\": 0.001 }");
        var pipeline = laboratory.Load(file, "workers.count=20");

        var refused = Assert.Throws<RunRefusedException>(() => ExperimentBuilder.Build(pipeline, laboratory.Options.Data, 1));
        var mistake = Assert.Single(refused.Mistakes);
        Assert.Equal("partitioner.alpha", mistake.Path);
        Assert.StartsWith($"{file}:10:", mistake.Where, StringComparison.Ordinal);
        Assert.Contains("too small for 20 workers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelThatNoCheckpointHolds_IsRefused()
    {
        var found = PipelineLoading.Load(laboratory.Write(), ["model={\"type\":\"mlp\",\"hidden\":[30000,20000]}"], laboratory.Catalog, laboratory.Options.Data, 1);

        Assert.Contains(found.Mistakes, mistake => mistake.Path == "model" && mistake.Message.Contains("at most 536870911 are allowed", StringComparison.Ordinal));
    }
}
