using Orchestrator.Composition;

namespace Orchestrator.Sweeps.Tests;

/// <summary>What a sweep is said to take before it begins.</summary>
public sealed class SweepForecastTests : IDisposable
{
    private readonly Work work = new();

    public void Dispose() => work.Dispose();

    /// <summary>Rows of pushes are nearly all that these runs write.</summary>
    [Theory]
    [InlineData("split-dataset", 1, 40_000)]
    [InlineData("none", 1, 40_000)]
    [InlineData("split-dataset", 8, 40_000)]
    [InlineData("none", 8, 320_000)]
    public void Passes_over_partitions_that_overlap_are_of_every_worker(string partitioner, int workers, int pushes)
    {
        var request = Work.Request();
        var template = PipelineTemplate.Read(
            work.File("p.json", $$"""
                { "dataset": { "type": "quadratic", "samples": 4000 }, "model": "quadratic", "optimizer": { "type": "sgd", "learningRate": 0.001 },
                  "partitioner": "{{partitioner}}", "workers": { "count": {{workers}}, "batchSize": 1, "compute": { "type": "constant", "ms": 1 } },
                  "stop": { "passes": 10 }, "evaluation": { "everyEpochs": 10 }, "sweep": {} }
                """),
            Work.Catalog, request, out _)!;
        var planner = new SweepPlanner(template, request);
        var forecast = SweepForecast.Of(planner.Plan().OrThrow(), planner, new NothingDone(), 1);

        Assert.InRange(forecast.DiskBytes, 190.0 * pushes, 190.0 * pushes * 1.01 + 30_000);
    }

    private sealed class NothingDone : ISweepResults
    {
        public CompletedRun? Completed(string key) => null;

        public bool HasFailed(string key) => false;

        public RungResult? AtMark(string key, double epoch) => null;
    }
}
