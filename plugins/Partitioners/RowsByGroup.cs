using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>Row numbers by natural group, without groups that no training sample is of.</summary>
internal static class RowsByGroup
{
    public static int[][] Of(ISamples samples, DatasetShape shape)
    {
        Limits.Enforce(Limits.Grouped(shape));
        return [.. RowsByLabel.Of(samples.Groups, shape.GroupNames.Count, "group").Where(rows => rows.Length > 0)];
    }
}
