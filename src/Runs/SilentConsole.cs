namespace Orchestrator.Runs;

/// <summary>Says nothing.</summary>
public sealed class SilentConsole : IRunConsole, IDisposable
{
    private SilentConsole()
    {
    }

    /// <summary>The one there is.</summary>
    public static SilentConsole Instance { get; } = new();

    /// <inheritdoc/>
    public void Note(string text)
    {
    }

    /// <inheritdoc/>
    public void Warn(string text)
    {
    }

    /// <inheritdoc/>
    public IDisposable Show(RunView run) => this;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
