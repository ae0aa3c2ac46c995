namespace Orchestrator.Abstractions;

/// <summary>What one partition holds of one natural group: a row of <c>groups.csv</c>.</summary>
/// <param name="Partition">The worker, from 0; 0 alone where all workers share one list.</param>
/// <param name="Group">The group's name, as the data has it.</param>
/// <param name="Samples">Samples of the group that the partition holds, at least 1.</param>
public sealed record GroupRecord(int Partition, string Group, long Samples);
