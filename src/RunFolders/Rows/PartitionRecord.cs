namespace Orchestrator.RunFolders;

/// <summary>One partition: a row of <c>partitions.csv</c>.</summary>
/// <param name="Partition">Its number, from 0: its worker's, where there are several.</param>
/// <param name="Samples">Samples in it.</param>
/// <param name="LabelDistance">
/// Total variation distance of its labels from all labels, 0 .. 1; NaN where samples have none.
/// </param>
/// <param name="ClassCounts">Samples of each class; empty where they have none.</param>
public sealed record PartitionRecord(int Partition, long Samples, double LabelDistance, IReadOnlyList<long> ClassCounts);
