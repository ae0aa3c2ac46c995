using System.Runtime.InteropServices;

namespace Orchestrator.Models.TorchSharp;

/// <summary>Why something failed in libtorch, or in a module's own code, in one line.</summary>
internal static class Cause
{
    public static string Of(Exception failure) =>
        failure is ExternalException ? FirstLine(failure.Message) : $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";

    // libtorch's messages carry a stack trace of the script below the cause, which stands last.
    private static string FirstLine(string message) =>
        message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines
            ? lines.LastOrDefault(line => line.StartsWith("RuntimeError:", StringComparison.Ordinal)) ?? lines[0]
            : "libtorch says nothing more";
}
