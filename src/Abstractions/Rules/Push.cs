namespace Orchestrator.Abstractions;

/// <summary>
/// An arriving gradient as a correction sees it: all of it, or one tile (elements <c>Offset</c> ..
/// of the vectors).
/// </summary>
public readonly ref struct Push
{
    /// <summary>The worker that pushed, from 0.</summary>
    public required int Worker { get; init; }

    /// <summary>The server's version at arrival.</summary>
    public required long Version { get; init; }

    /// <summary>The version that the worker was sent.</summary>
    public required long VersionPulled { get; init; }

    /// <summary>Number of workers, N.</summary>
    public required int Workers { get; init; }

    /// <summary>Samples that the gradient is a mean over.</summary>
    public required int Samples { get; init; }

    /// <summary>Learning rate in force.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Largest learning rate in force so far.</summary>
    public required double LargestLearningRate { get; init; }

    /// <summary>Index of the tile's first element.</summary>
    public required int Offset { get; init; }

    /// <summary>The tile of the vector that the gradient was computed on.</summary>
    public required ReadOnlySpan<float> Sent { get; init; }

    /// <summary>Updates between pull and arrival; 0 when fresh.</summary>
    public long Staleness => Version - VersionPulled;
}

/// <summary>
/// One change of the parameters, from one push or the mean of several, as an optimizer sees it: all
/// of it, or one tile.
/// </summary>
/// <param name="Version">Updates before this one, so the first has 0.</param>
/// <param name="Worker">The worker whose push this is; -1 for a mean.</param>
/// <param name="Workers">N.</param>
/// <param name="Staleness">Of the push; of a mean's stalest.</param>
/// <param name="Samples">Samples behind it.</param>
/// <param name="LearningRate">Learning rate in force.</param>
/// <param name="LargestLearningRate">Largest learning rate in force so far.</param>
/// <param name="Offset">Index of the tile's first element.</param>
public readonly record struct Update(
    long Version, int Worker, int Workers, long Staleness, int Samples, double LearningRate, double LargestLearningRate, int Offset);

/// <summary>A worker about to be sent parameters: all of them, or one tile.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Version">The server's version.</param>
/// <param name="Workers">N.</param>
/// <param name="LastStaleness">Staleness of this worker's last push; 0 before its first.</param>
/// <param name="LearningRate">Learning rate in force.</param>
/// <param name="Offset">Index of the tile's first element.</param>
public readonly record struct Pull(int Worker, long Version, int Workers, long LastStaleness, double LearningRate, int Offset);
