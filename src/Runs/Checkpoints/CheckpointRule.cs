namespace Orchestrator.Runs;

/// <summary>How often a run writes a checkpoint; null is never by that measure.</summary>
/// <param name="Seconds">Real time between two.</param>
/// <param name="Updates">Updates between two.</param>
/// <param name="IsSparing">Whether the time between two grows where one takes more than <see
/// cref="LargestShare"/> of it.</param>
public sealed record CheckpointRule(double? Seconds, long? Updates, bool IsSparing = false)
{
    /// <summary>Of the run's time that sparing checkpoints take.</summary>
    public const double LargestShare = 0.008;

    /// <summary>Real time between two unless told otherwise, s.</summary>
    public const double DefaultSeconds = 60;

    /// <summary>Every <see cref="DefaultSeconds"/>, sparing.</summary>
    public static CheckpointRule Default { get; } = new(DefaultSeconds, null, IsSparing: true);

    /// <summary>None, but for the one of a run that is told to stop.</summary>
    public static CheckpointRule Never { get; } = new(null, null);
}
