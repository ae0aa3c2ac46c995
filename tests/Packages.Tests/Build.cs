using System.Diagnostics;
using System.Reflection;

namespace Orchestrator.Packages.Tests;

/// <summary>Runs the tools that a plugin author runs.</summary>
internal static class Build
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string HostFolder { get; } = Metadata("HostFolder");

    /// <summary>Standard output of a dotnet command that succeeds.</summary>
    public static string Dotnet(string folder, Dictionary<string, string> variables, CancellationToken cancellation, params string[] arguments)
    {
        var (code, output) = Run("dotnet", folder, variables, cancellation, arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    /// <summary>The program, as a user starts it.</summary>
    public static (int Code, string Output) Orchestrator(string folder, CancellationToken cancellation, params string[] arguments) =>
        Run("dotnet", folder, [], cancellation, [Path.Combine(HostFolder, "orchestrator.dll"), .. arguments]);

    /// <summary>
    /// Any program, with variables beside those of this process; what it writes to standard error
    /// only where it fails.
    /// </summary>
    public static (int Code, string Output) Run(
        string program, string folder, Dictionary<string, string> variables, CancellationToken cancellation, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // Set by the test host for its own build; a build started from here must not inherit them.
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestHost).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var killed = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.Result);
    }

    private static bool IsOfTheTestHost(string variable) =>
        variable.StartsWith("MSBUILD_", StringComparison.OrdinalIgnoreCase) || variable is "MSBuildSDKsPath" or "MSBuildExtensionsPath";

    private static string Metadata(string key) =>
        typeof(Build).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
