using Orchestrator.Engine;

namespace Orchestrator.Runs;

/// <summary>
/// Where a run says what a person should know. Called from the run's thread and from those that
/// follow its worker hosts.
/// </summary>
public interface IRunConsole
{
    /// <summary>Something worth knowing that is not wrong.</summary>
    /// <param name="text">One sentence.</param>
    void Note(string text);

    /// <summary>Something that is wrong, and does not end the run.</summary>
    /// <param name="text">One sentence.</param>
    void Warn(string text);

    /// <summary>Training begins, and lasts until what is returned is disposed of.</summary>
    /// <param name="run">What there is to see of it.</param>
    IDisposable Show(RunView run);
}

/// <summary>A run while it trains. Looking at it can neither slow nor change it.</summary>
/// <param name="Title">What runs, in one line.</param>
/// <param name="Progress">Where it is.</param>
/// <param name="ShareDone">How much of the way to its nearest limit is behind, 0 to 1.</param>
public sealed record RunView(string Title, RunProgress Progress, Func<double> ShareDone);
