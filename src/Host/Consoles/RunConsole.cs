using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>What a run says, on the terminal.</summary>
/// <param name="terminal">Where.</param>
/// <param name="showsProgress">Whether its progress is shown.</param>
internal sealed class RunConsole(Terminal terminal, bool showsProgress) : IRunConsole
{
    public void Note(string text) => terminal.Note(text);

    public void Warn(string text) => terminal.Warn(text);

    public IDisposable Show(RunView run) => showsProgress ? new ProgressView(terminal, run) : new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
