using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>A run as its folder shows it.</summary>
public sealed record RunEntry
{
    /// <summary>Full path.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The pipeline's name; the parent folder's where that is another, or <c>run.json</c> cannot be
    /// read.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// As the folder is named; the hash of the canonical resolved pipeline, unless somebody renamed
    /// it.
    /// </summary>
    public required string Id { get; init; }

    public required int Attempt { get; init; }

    /// <summary>
    /// Interrupted where <c>run.json</c> says running but no process holds the lock.
    /// </summary>
    public required RunStatus Status { get; init; }

    /// <summary>UTC; the folder's own time where <c>run.json</c> cannot be read.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary><c>run.json</c>; null where it is absent or cannot be read.</summary>
    public RunDocument? Document { get; init; }

    /// <summary>What is wrong with the folder; null where nothing is.</summary>
    public string? Problem { get; init; }
}

/// <summary>The runs under a folder.</summary>
/// <param name="Runs">Oldest first.</param>
/// <param name="Problems">What could not be read, each with its path.</param>
public sealed record RunListing(IReadOnlyList<RunEntry> Runs, IReadOnlyList<string> Problems);
