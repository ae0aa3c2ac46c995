using Orchestrator.Abstractions;

namespace Orchestrator.Testing;

/// <summary>A composition of rules to run over the noisy quadratic.</summary>
public sealed record RuleSetup
{
    /// <summary>Makes the optimizer.</summary>
    public required Func<IOptimizer> Optimizer { get; init; }

    /// <summary>
    /// Make the corrections, in the order in which they are applied; none by default.
    /// </summary>
    public IReadOnlyList<Func<ICorrection>> Corrections { get; init; } = [];

    /// <summary>Null for plain gradients.</summary>
    public Func<IWorkerRule>? WorkerRule { get; init; }

    /// <summary>Number of workers, N.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Number of parameters, k.</summary>
    public int Length { get; init; } = 16;

    /// <summary>Elements per call of an element-wise rule.</summary>
    public int Tile { get; init; } = int.MaxValue;

    /// <summary>Learning rate at a version.</summary>
    public Func<long, double> LearningRate { get; init; } = _ => 0.02;

    /// <summary>Added to each gradient, times the parameter; 0 by default.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The number under which updates name a worker; -1 for none, as for means.</summary>
    public Func<int, int> Named { get; init; } = worker => worker;

    /// <summary>
    /// Elements of the problem left out in front, for the second of two server shards; gradients
    /// are those of the whole problem.
    /// </summary>
    public int FirstElement { get; init; }

    /// <summary>k of the whole problem where this is one shard of it; 0 otherwise.</summary>
    public int WholeLength { get; init; }

    /// <summary>Seed of the gradients' noise.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// Which worker's push arrives at a version; the default draws them evenly, so that staleness
    /// varies around N - 1.
    /// </summary>
    public Func<long, int>? Arrivals { get; init; }
}
