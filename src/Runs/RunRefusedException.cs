using Orchestrator.Composition;

namespace Orchestrator.Runs;

/// <summary>
/// A run cannot be as it was asked for; nothing was started. The user can mend it.
/// </summary>
/// <param name="message">What is wrong and what is allowed.</param>
public sealed class RunRefusedException(string message) : Exception(message)
{
    /// <summary>Of the pipeline, one by one; empty where something else is wrong.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; private init; } = [];

    /// <summary>
    /// Files that hold something else than when the pipeline was read; empty where something else
    /// is wrong.
    /// </summary>
    public IReadOnlyList<string> Edited { get; private init; } = [];

    /// <summary>For files that were edited.</summary>
    /// <param name="files">Which.</param>
    /// <param name="since">Since when: what a sentence ends with.</param>
    public static RunRefusedException OfEdited(IReadOnlyList<string> files, string since) => new($"{string.Join(", ", files)}: holds something else than when {since}") { Edited = files };

    /// <summary>For mistakes in a pipeline: a line each.</summary>
    public static RunRefusedException Of(IReadOnlyList<Mistake> mistakes) => new(string.Join("\n       ", mistakes)) { Mistakes = mistakes };
}
