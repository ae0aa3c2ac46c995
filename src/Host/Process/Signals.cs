using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// The one owner of signals. What asks a process to end stops the work, which keeps what it has; a
/// second Ctrl-C, SIGQUIT or SIGTERM ends the process at once. SIGUSR1, which schedulers send ahead
/// of a limit, has a checkpoint written, and the work goes on.
/// </summary>
/// <param name="lifetime">Told to stop.</param>
/// <param name="checkpoints">Asked for a checkpoint.</param>
/// <param name="terminal">Says what happens.</param>
internal sealed class Signals(
    IHostApplicationLifetime lifetime, CheckpointRequests checkpoints, Terminal terminal) : IHostLifetime
{
    // The library names no more; on Unix it takes the system's own numbers too.
    private const PosixSignal CpuLimit = (PosixSignal)24;
    private static readonly PosixSignal First = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);
    private static readonly PosixSignal Second = (PosixSignal)(OperatingSystem.IsMacOS() ? 31 : 12);

    // For as long as the process lives: a signal that comes while it ends must not end it
    // otherwise.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private int stops;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        // A closing terminal, a CPU limit and some service managers send theirs more than once, or
        // after another: only who asks twice in so many words is impatient.
        Take(signal => Stop(signal, isImpatient: true), PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT);
        Take(signal => Stop(signal, isImpatient: false), PosixSignal.SIGHUP);
        if (!OperatingSystem.IsWindows())
        {
            Take(signal => Stop(signal, isImpatient: false), CpuLimit, Second);
            Take(_ => checkpoints.Request(), First);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Take(Action<PosixSignal> act, params ReadOnlySpan<PosixSignal> signals)
    {
        foreach (var signal in signals)
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                act(signal);
            }));
        }
    }

    private void Stop(PosixSignal signal, bool isImpatient)
    {
        if (isImpatient && Interlocked.Increment(ref stops) > 1)
        {
            Environment.Exit(ExitCodes.Cancelled);
        }

        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            terminal.Note("Stopping; the results so far are kept. Once more to end at once.");
            lifetime.StopApplication();
        }
    }
}
