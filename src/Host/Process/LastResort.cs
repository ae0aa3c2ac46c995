using Microsoft.Extensions.Logging;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// An exception that nobody foresaw: one sentence, what to do about it, and an exit code of its own
/// instead of a stack trace and a core dump.
/// </summary>
internal static class LastResort
{
    /// <summary>Takes what ends the process from other threads.</summary>
    public static void Guard() => AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
        Environment.Exit(Tell(thrown.ExceptionObject as Exception, new Terminal(), null));

    /// <summary>Says it.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="terminal">Where.</param>
    /// <param name="logger">Takes the stack.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception? failure, Terminal terminal, ILogger? logger)
    {
        terminal.Fail($"an internal error: {failure?.GetType().Name ?? "something"}: {failure?.Message ?? "thrown"}");
        terminal.Note("This is a fault of the program. Please report it as a bug: the command, the pipeline, and what is printed with "
            + "ORCHESTRATOR_LOGGING__LOGLEVEL__DEFAULT=Debug.");
        logger?.LogDebug(failure, "The internal error.");
        return ExitCodes.InternalError;
    }
}
