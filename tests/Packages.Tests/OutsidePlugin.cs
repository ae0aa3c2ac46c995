using System.Globalization;

namespace Orchestrator.Packages.Tests;

/// <summary>
/// A plugin project of somebody else's: made from the template, built against the packages out of a
/// local folder. Made once for all tests; the packages have a version of their own, so that no
/// cache can hold older ones.
/// </summary>
public sealed class OutsidePlugin : IDisposable
{
    private static readonly string[] Packed = ["src/Abstractions", "src/Numerics", "src/Testing", "samples/Templates.csproj"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("orchestrator-plugin-");
    private readonly string version = string.Create(CultureInfo.InvariantCulture, $"0.1.1-test{Environment.ProcessId}");

    public OutsidePlugin()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        foreach (var project in Packed)
        {
            Build.Dotnet(Build.Root, limit.Token, "pack", project, "-c", Build.Configuration, "--no-build", "-o", Feed, $"-p:PackageVersion={version}");
        }

        var hive = Path.Combine(folder.FullName, "hive");
        Build.Dotnet(folder.FullName, limit.Token, "new", "install", Path.Combine(Feed, $"Orchestrator.Templates.{version}.nupkg"), "--debug:custom-hive", hive);
        Build.Dotnet(folder.FullName, limit.Token, "new", "orchestrator-plugin", "-n", "HalfStep", "--debug:custom-hive", hive);
        Build.Dotnet(Project, limit.Token, ["build", "HalfStep.Tests", "-c", "Release", "-nodeReuse:false", .. Properties]);
    }

    /// <summary>What the template made.</summary>
    public string Project => Path.Combine(folder.FullName, "HalfStep");

    /// <summary>The output folder, which is a plugin folder.</summary>
    public string Plugin => Path.Combine(Project, "HalfStep/bin/Release/net10.0");

    public string Pipeline => Path.Combine(Project, "half-step.json");

    public string Runs => Path.Combine(folder.FullName, "runs");

    internal IEnumerable<string> Properties =>
    [
        $"-p:OrchestratorVersion={version}", $"-p:RestoreAdditionalProjectSources={Feed}", $"-p:RestorePackagesPath={Path.Combine(folder.FullName, "cache")}",
        $"-p:RestoreFallbackFolders={GlobalPackages}",
    ];

    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Feed => Path.Combine(folder.FullName, "packages");

    public void Dispose() => folder.Delete(recursive: true);
}
