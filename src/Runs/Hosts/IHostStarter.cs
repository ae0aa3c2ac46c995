namespace Orchestrator.Runs;

/// <summary>
/// Starts worker hosts somewhere: as processes of this machine, or through a cluster's scheduler.
/// Called from several threads.
/// </summary>
public interface IHostStarter
{
    /// <summary>Starts one; returns at once.</summary>
    /// <param name="task">What it is.</param>
    /// <exception cref="RunRefusedException">It cannot be started at all.</exception>
    IStartedHost Start(HostTask task);
}

/// <summary>A worker host that was started. Disposing of it does not end it.</summary>
public interface IStartedHost : IDisposable
{
    /// <summary>
    /// What it calls itself when it joins, <c>MACHINE:PROCESS</c>; null where that is not known.
    /// </summary>
    string? Name { get; }

    /// <summary>Completes when it has ended, however that comes; never faulted.</summary>
    Task<HostEnd> Ended { get; }

    /// <summary>Ends it at once; nothing where it has ended.</summary>
    void Kill();
}

/// <summary>One worker host to be started.</summary>
/// <param name="Arguments">The program's arguments: <c>worker --server ...</c>.</param>
/// <param name="Variables">Environment variables that it is given beside the usual ones.</param>
public sealed record HostTask(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables);

/// <summary>How a worker host ended.</summary>
/// <param name="ExitCode">See <see cref="ExitCodes"/>; above 128 of a signal.</param>
/// <param name="WasKilled">Whether somebody else ended it, so that nothing need be wrong with
/// it.</param>
/// <param name="Words">What it said last, in a line; empty where it said nothing.</param>
public sealed record HostEnd(int ExitCode, bool WasKilled, string Words);
