using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Analyzers.Tests;

/// <summary>Simulated runs with one fault each, and without any.</summary>
internal static class Simulations
{
    public static SimulatedRun Clean(long seed) => new(new SimulationTerms { Seed = seed });

    /// <summary>Worker 2 is three times as slow as the others.</summary>
    public static SimulatedRun SlowWorker(long seed, double factor = 3) => new(new SimulationTerms { Seed = seed, MeanMs = worker => worker == 2 ? 10 * factor : 10 });

    /// <summary>All workers take half as long again from a push on.</summary>
    public static SimulatedRun SlowerFrom(long seed, long push) => new(new SimulationTerms { Seed = seed, Pace = n => n < push ? 1 : 1.5 });

    /// <summary>The loss grows from a version on.</summary>
    public static SimulatedRun Diverging(long seed, long version) => new(new SimulationTerms
    {
        Seed = seed,
        Loss = v => (0.3 + (2 * Math.Pow(0.998, v))) * (v < version ? 1 : Math.Pow(1.01, v - version)),
    });

    /// <summary>The loss falls to a part of itself at a version.</summary>
    public static SimulatedRun LossStep(long seed, long version, double factor = 0.6) => new(new SimulationTerms
    {
        Seed = seed,
        Loss = v => (0.3 + (2 * Math.Pow(0.998, v))) * (v < version ? 1 : factor),
    });

    /// <summary>Worker 1 holds one class only.</summary>
    public static SimulatedRun BiasedPartition(long seed) => new(new SimulationTerms
    {
        Seed = seed,
        ClassCounts = worker => [.. Enumerable.Range(0, 10).Select(c => worker == 1 ? (c == 7 ? 1000L : 0) : 100)],
    });

    /// <summary>What is said against a run.</summary>
    public static IEnumerable<Finding> Accusations(IAnalyzer analyzer, IRunRecords run) =>
        analyzer.Analyze([run], TestContext.Current.CancellationToken).Where(finding => finding.Grade is not (FindingGrade.Measured or FindingGrade.Inconclusive));
}
