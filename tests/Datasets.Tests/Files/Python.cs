using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.Datasets.Tests;

/// <summary>The system's Python, whose libraries write files for the readers here.</summary>
internal static class Python
{
    /// <summary>Runs a script; false where Python, or a library of it, is absent.</summary>
    public static async Task<bool> Run(string script, params string[] arguments)
    {
        try
        {
            var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
            var start = new ProcessStartInfo(python, ["-c", script, .. arguments]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0 || errors.Contains("ModuleNotFoundError", StringComparison.Ordinal), errors);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
