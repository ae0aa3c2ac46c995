using System.Diagnostics;

namespace Orchestrator.Runs;

/// <summary>Starts worker hosts as processes of this machine.</summary>
/// <param name="command">The program with some arguments.</param>
public sealed class HostProcesses(Func<IEnumerable<string>, ProcessStartInfo> command) : IHostStarter
{
    /// <inheritdoc/>
    public IStartedHost Start(HostTask task)
    {
        var start = command(task.Arguments);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var (name, value) in task.Variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new HostProcess(start);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new RunRefusedException($"{start.FileName}: a worker host cannot be started: {failure.Message}");
        }
    }
}
