using System.Runtime.InteropServices;

namespace Orchestrator.RunFolders;

/// <summary>The machine and runtime of a run.</summary>
/// <param name="OperatingSystem">E.g. <c>Debian GNU/Linux 12 (bookworm)</c>.</param>
/// <param name="Architecture">E.g. <c>x64</c>.</param>
/// <param name="Processor">The processor's model name; <c>unknown</c> where the system does not
/// tell.</param>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="Runtime">E.g. <c>.NET 10.0.1</c>.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Vectors">The vectors that the model was computed with, e.g. <c>avx512</c>; null
/// where the model does not say. Results do not depend on them.</param>
public sealed record RunEnvironment(string OperatingSystem, string Architecture, string Processor, int Cores, string Runtime, string Machine, string? Vectors = null)
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>Of this process.</summary>
    /// <param name="vectors">See <see cref="Vectors"/>.</param>
    public static RunEnvironment Capture(string? vectors = null) => new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        ProcessorName(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        Environment.MachineName,
        vectors);

    private static string ProcessorName()
    {
        var line = File.Exists(ProcessorFile) ? File.ReadLines(ProcessorFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[^1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}
