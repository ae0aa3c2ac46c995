using System.Diagnostics;

namespace Orchestrator.Docs.Tests;

/// <summary>The program as a process, on a machine of four processors.</summary>
internal static class Cli
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    public static Ended Run(string folder, params IEnumerable<string> arguments) => Run(folder, [], arguments);

    /// <summary>With variables of the environment beside those that are always set.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="variables">Their values.</param>
    /// <param name="arguments">Behind its name.</param>
    /// <param name="bound">When it is killed, and the test fails; null takes four minutes, under
    /// the bound of a test and far above what a busy machine takes.</param>
    public static Ended Run(string folder, Dictionary<string, string> variables, IEnumerable<string> arguments, TimeSpan? bound = null)
    {
        var start =
            new ProcessStartInfo(Repository.Program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "4";
        start.Environment.Remove("ORCHESTRATOR_PLUGINS");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(bound ?? Bound))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            Assert.Fail($"orchestrator {string.Join(' ', arguments)} did not end within {bound ?? Bound}.");
        }

        return new Ended(process.ExitCode, Trimmed(output.Result), Trimmed(error.Result));
    }

    // Without the blanks that line ends may have.
    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).Trim('\n');

    /// <summary>What a process left.</summary>
    public sealed record Ended(int ExitCode, string Output, string Error);
}
