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

    /// <summary>For mistakes in a pipeline: a line each.</summary>
    public static RunRefusedException Of(IReadOnlyList<Mistake> mistakes) => new(string.Join("\n       ", mistakes)) { Mistakes = mistakes };
}
