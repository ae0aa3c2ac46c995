namespace Orchestrator.Abstractions;

/// <summary>What one partition holds: a row of <c>partitions.csv</c>.</summary>
/// <param name="Partition">The worker, from 0; 0 alone where all workers share one list.</param>
/// <param name="Samples">Samples that it holds.</param>
/// <param name="LabelDistance">Total variation distance between its classes and those of all
/// training samples, 0 .. 1; NaN where samples have no label.</param>
/// <param name="ClassCounts">Samples of each class; empty where samples have no label.</param>
public sealed record PartitionRecord(int Partition, long Samples, double LabelDistance, IReadOnlyList<long> ClassCounts);
