using System.Diagnostics;

namespace Orchestrator.Host;

/// <summary>This program, to be started again.</summary>
internal static class OwnProgram
{
    /// <summary>It, with some arguments.</summary>
    public static ProcessStartInfo Command(IEnumerable<string> arguments)
    {
        // Under `dotnet orchestrator.dll` the process is dotnet.
        var program = Environment.ProcessPath!;
        var viaDotnet = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, viaDotnet ? arguments.Prepend(Environment.GetCommandLineArgs()[0]) : arguments);
    }
}
