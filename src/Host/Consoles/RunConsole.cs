using Microsoft.Extensions.Logging;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>What a run says, on the terminal.</summary>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="logger">Takes the rest.</param>
/// <param name="showsProgress">Whether its progress is shown.</param>
internal sealed class RunConsole(Terminal terminal, ILogger logger, bool showsProgress) : IRunConsole
{
    public void Note(string text) => logger.LogInformation("{Text}", text);

    public void Warn(string text) => logger.LogWarning("{Text}", text);

    public IDisposable Show(RunView run) => showsProgress ? new ProgressView(terminal, run) : SilentConsole.Instance;
}
