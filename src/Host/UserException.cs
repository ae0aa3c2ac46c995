using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>An error that the user can mend; shown without a stack trace.</summary>
/// <param name="message">What is wrong and what is allowed.</param>
/// <param name="exitCode">What the process returns.</param>
internal sealed class UserException(string message, int exitCode = ExitCodes.BadInput) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
