using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The workers.</summary>
public sealed record WorkerSettings(
    [Description("Number of workers.")][Range(1, WorkerSettings.LargestCount)][AlsoKnownAs("n", "numWorkers", "nWorkers", "worldSize")] int Count = 1,
    [Description("Samples per batch of each worker.")][Range(1, 1_000_000)][AlsoKnownAs("batch", "bs", "minibatch", "miniBatchSize")] int BatchSize = 32,
    [Section(PluginKind.Delay)][Description("Time that a worker computes per push; required on the virtual clock, a floor on the wall clock.")] PluginSection? Compute = null,
    [Section(PluginKind.Delay)][Description("Time added to each push.")] PluginSection? Delay = null,
    [Section(PluginKind.Delay)][Description("Time that work and push travel.")] PluginSection? Network = null,
    [Description("Whether a worker pulls its next work before its push has arrived.")] bool OverlapPulls = false,
    [Section(PluginKind.WorkerRule)][Description("What a worker does between pull and push beyond one gradient.")] PluginSection? Rule = null,
    [EmptyByDefault][Description("Other times for some of the workers.")] IReadOnlyList<WorkerOverride>? Overrides = null,
    [Description("Numbers of workers, from 0, that never pull: their partitions are lost, and rules that ask for the number of workers still count them.")][Range(0, WorkerSettings.LargestCount - 1)] IReadOnlyList<int>? Absent = null)
{
    internal const int LargestCount = 1_000_000;

    private readonly Lazy<Dictionary<int, WorkerOverride>> byWorker = new(() => ByWorker(Overrides ?? []));

    public IReadOnlyList<WorkerOverride> Overrides { get; } = Overrides ?? [];

    /// <summary>Never null.</summary>
    public IReadOnlyList<int> AbsentWorkers => Absent ?? [];

    /// <summary>The worker's own compute model, or everybody's; null without one.</summary>
    public PluginSection? ComputeOf(int worker) => Own(worker)?.Compute ?? Compute;

    /// <summary>The worker's own added delay, or everybody's; null without one.</summary>
    public PluginSection? DelayOf(int worker) => Own(worker)?.Delay ?? Delay;

    /// <summary>The worker's own network time, or everybody's; null without one.</summary>
    public PluginSection? NetworkOf(int worker) => Own(worker)?.Network ?? Network;

    private static Dictionary<int, WorkerOverride> ByWorker(IReadOnlyList<WorkerOverride> overrides)
    {
        var workers = new Dictionary<int, WorkerOverride>();
        foreach (var entry in overrides)
        {
            foreach (var worker in entry.Workers)
            {
                workers.TryAdd(worker, entry);
            }
        }

        return workers;
    }

    private WorkerOverride? Own(int worker) => byWorker.Value.GetValueOrDefault(worker);
}

/// <summary>Times of some workers; what is not given is everybody's.</summary>
public sealed record WorkerOverride(
    [Description("Numbers of the workers, from 0.")][Range(0, WorkerSettings.LargestCount - 1)] IReadOnlyList<int> Workers,
    [Section(PluginKind.Delay)][Description("Time that these workers compute per push.")] PluginSection? Compute = null,
    [Section(PluginKind.Delay)][Description("Time added to each push of these workers.")] PluginSection? Delay = null,
    [Section(PluginKind.Delay)][Description("Time that these workers' work and pushes travel.")] PluginSection? Network = null);
