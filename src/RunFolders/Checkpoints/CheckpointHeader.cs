namespace Orchestrator.RunFolders;

/// <summary>What stands before the engine's state in a checkpoint.</summary>
/// <param name="Version">Updates at the checkpoint.</param>
/// <param name="WallSeconds">Real time that the run had taken, s.</param>
/// <param name="Position">How far the record was.</param>
public sealed record CheckpointHeader(long Version, double WallSeconds, RecorderPosition Position);
