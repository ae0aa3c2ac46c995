using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Opens the record of a run. Nothing here throws for what a file holds: see
/// <see cref="RowReader{TRecord}.Problem"/>.
/// </summary>
public static class RunRows
{
    /// <summary>The pushes, in the order in which the server took them.</summary>
    public static RowReader<PushRecord> Updates(string folder) => RowReader<PushRecord>.Open<UpdateRows>(folder);

    /// <summary>Bytes of the pushes' rows; 0 where there are none.</summary>
    public static long LengthOfUpdates(string folder) => new FileInfo(Path.Combine(folder, UpdateRows.FileName)) is { Exists: true } file ? file.Length : 0;

    /// <summary>The pushes, as far as their order and times go.</summary>
    public static RowReader<ScheduledPush> Schedule(string folder) => RowReader<ScheduledPush>.Open<ScheduleRows>(folder);

    /// <summary>The evaluations.</summary>
    public static RowReader<EvaluationRecord> Evaluations(string folder) => RowReader<EvaluationRecord>.Open<EvaluationRows>(folder);

    /// <summary>What happened beside the pushes.</summary>
    public static RowReader<RunEvent> Events(string folder) => RowReader<RunEvent>.Open<EventRows>(folder);

    /// <summary>
    /// What the samples of each class were taken for at each evaluation; null where the run has not
    /// counted it.
    /// </summary>
    public static RowReader<ConfusionRecord>? Confusions(string folder) =>
        File.Exists(Path.Combine(folder, ConfusionRows.FileName)) ? RowReader<ConfusionRecord>.Open<ConfusionRows>(folder) : null;

    /// <summary>The partitions, which are there from the start.</summary>
    public static RowReader<PartitionRecord> Partitions(string folder) => RowReader<PartitionRecord>.Open<PartitionRows>(folder);

    /// <summary>
    /// How many samples of which natural group each partition holds, there from the start; null
    /// where the data has no groups.
    /// </summary>
    public static RowReader<GroupRecord>? Groups(string folder) =>
        File.Exists(Path.Combine(folder, GroupRows.FileName)) ? RowReader<GroupRecord>.Open<GroupRows>(folder) : null;

    /// <summary>Follows the pushes of a run that goes on.</summary>
    public static RowTail<PushRecord> FollowUpdates(string folder) => new(Path.Combine(folder, UpdateRows.FileName), () => Updates(folder));

    /// <summary>Follows the evaluations of a run that goes on.</summary>
    public static RowTail<EvaluationRecord> FollowEvaluations(string folder) => new(Path.Combine(folder, EvaluationRows.FileName), () => Evaluations(folder));

    /// <summary>Follows what classes are taken for in a run that goes on and counts it.</summary>
    public static RowTail<ConfusionRecord> FollowConfusions(string folder) => new(Path.Combine(folder, ConfusionRows.FileName), () => RowReader<ConfusionRecord>.Open<ConfusionRows>(folder));

    /// <summary>The last push whose row is whole; null where there is none.</summary>
    public static PushRecord? LastUpdate(string folder) => LastRow.Read<PushRecord, UpdateRows>(folder);

    /// <summary>The last evaluation whose row is whole; null where there is none.</summary>
    public static EvaluationRecord? LastEvaluation(string folder) => LastRow.Read<EvaluationRecord, EvaluationRows>(folder);
}
