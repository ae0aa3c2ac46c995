namespace Orchestrator.Composition;

/// <summary>Snapshots are taken somewhere.</summary>
internal sealed class SnapshotCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["snapshots"];

    public void Run(CheckContext context)
    {
        if (context.Pipeline.Snapshots is { EveryEpochs: null, EveryUpdates: null })
        {
            context.Add("snapshots", "gives no mark; everyEpochs or everyUpdates is required");
        }
    }
}
