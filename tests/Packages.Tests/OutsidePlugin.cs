using System.Globalization;
using Orchestrator.Packages.Tests;

[assembly: AssemblyFixture(typeof(OutsidePlugin))]

namespace Orchestrator.Packages.Tests;

/// <summary>
/// A plugin project of somebody else's: made from the template with a plugin of every kind, built
/// against the packages out of a local folder. Made once for all tests; the packages have a version
/// of their own, so that no cache can hold older ones.
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

        Build.Dotnet(folder.FullName, limit.Token, "new", "install", Path.Combine(Feed, $"Orchestrator.Templates.{version}.nupkg"), "--debug:custom-hive", Hive);
        New(Project, Kinds.All, limit.Token);
        Build.Dotnet(Project, limit.Token, ["build", "HalfStep.Tests", "-c", "Release", "-nodeReuse:false", .. Properties]);
    }

    /// <summary>What the template made.</summary>
    public string Project => Path.Combine(folder.FullName, "HalfStep");

    /// <summary>The output folder, which is a plugin folder.</summary>
    public string Plugin => Path.Combine(Project, "HalfStep/bin/Release/net10.0");

    public string Runs => Path.Combine(folder.FullName, "runs");

    public string Pipeline(string kind) => Path.Combine(Project, $"half-step-{kind}.json");

    /// <summary>The template with some kinds; what is made is called HalfStep wherever it lies.</summary>
    public void New(string target, IEnumerable<string> kinds, CancellationToken cancellation) => Build.Dotnet(
        folder.FullName, cancellation,
        ["new", "orchestrator-plugin", "-n", "HalfStep", "-o", target, "--packages", Feed, "--debug:custom-hive", Hive, .. kinds.SelectMany(kind => new[] { "--kind", kind })]);

    internal IEnumerable<string> Properties =>
    [
        $"-p:OrchestratorVersion={version}", $"-p:RestorePackagesPath={Path.Combine(folder.FullName, "cache")}",
        $"-p:RestoreFallbackFolders={GlobalPackages}",
    ];

    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private string Hive => Path.Combine(folder.FullName, "hive");

    private string Feed => Path.Combine(folder.FullName, "packages");

    public void Dispose() => folder.Delete(recursive: true);
}
