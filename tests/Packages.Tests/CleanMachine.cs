using Orchestrator.Packages.Tests;

[assembly: AssemblyFixture(typeof(CleanMachine))]

// They share one home, one folder of packages and one cache.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Orchestrator.Packages.Tests;

/// <summary>
/// A machine as the tutorial finds it: a clone of this repository and a home folder in which there
/// is nothing, so no package of ours in any cache. Packages of others are taken from this machine's
/// cache. The packages are made and the template is installed once for all tests, by the tutorial's
/// own commands; so is a plugin of every kind.
/// </summary>
public sealed class CleanMachine : IDisposable
{
    // With ten and more programs started one after the other on a machine that does other things
    // too.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private static readonly string[] Sources = ["eng", "samples", "src"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("orchestrator-plugin-");
    private readonly Lazy<string> everyKind;

    public CleanMachine()
    {
        foreach (var made in (string[])[Clone, Home, Path.Combine(Clone, "program")])
        {
            Directory.CreateDirectory(made);
        }

        CopySources();
        LinkPackagesOfOthers();

        // Published programs have tests of their own; here it is the one that was built.
        File.CreateSymbolicLink(Path.Combine(Clone, "program", "orchestrator"), Path.Combine(Build.HostFolder, "orchestrator"));
        Shell = new Shell(Clone, Path.Combine(folder.FullName, "shell"), Variables());
        using var limit = new CancellationTokenSource(Bound);
        foreach (var command in Tutorial.Preparation)
        {
            Shell.Run(command, limit.Token);
        }

        everyKind = new Lazy<string>(MakeEveryKind);
    }

    /// <summary>The copy of this repository that packages are made in.</summary>
    public string Clone => Path.Combine(folder.FullName, "orchestrator");

    /// <summary>
    /// A project with a plugin of every kind, called HalfStep, made from the template and built.
    /// </summary>
    public string EveryKind => everyKind.Value;

    /// <summary>The output folder of <see cref="EveryKind"/>, which is a plugin folder.</summary>
    public string Plugin => Path.Combine(EveryKind, "HalfStep/bin/Release/net10.0");

    public string Runs => Path.Combine(folder.FullName, "runs");

    /// <summary>Where the reader of the tutorial types.</summary>
    internal Shell Shell { get; }

    private string Home => Path.Combine(folder.FullName, "home");

    private string Others => Path.Combine(folder.FullName, "packages-of-others");

    public string Pipeline(string kind) => Path.Combine(EveryKind, $"half-step-{kind}.json");

    /// <summary>
    /// The template with some kinds; what is made is called HalfStep wherever it lies.
    /// </summary>
    public void New(string target, IEnumerable<string> kinds, CancellationToken stop) => New("HalfStep", target, kinds, stop);

    /// <summary>The template with some kinds, under any name.</summary>
    public void New(string name, string target, IEnumerable<string> kinds, CancellationToken stop) => Build.Dotnet(
        folder.FullName, Variables(), stop,
        [
            "new", "orchestrator-plugin", "--name", name, "--output", target, "--packages", Path.Combine(Clone, "packages"),
            .. kinds.SelectMany(kind => new[] { "--kind", kind }),
        ]);

    public void Dispose() => folder.Delete(recursive: true);

    private string MakeEveryKind()
    {
        var project = Path.Combine(folder.FullName, "every-kind", "HalfStep");
        using var limit = new CancellationTokenSource(Bound);
        New(project, Kinds.All, limit.Token);
        Build.Dotnet(project, Variables(), limit.Token, "build", "HalfStep.Tests", "-c", "Release");
        return project;
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["HOME"] = Home,
        ["DOTNET_CLI_HOME"] = Home,
        ["NUGET_PACKAGES"] = Path.Combine(Home, ".nuget", "packages"),
        ["NUGET_FALLBACK_PACKAGES"] = Others,
        // No question to the network; nothing else is asked of it either.
        ["NuGetAudit"] = "false",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["NO_COLOR"] = "1",
    };

    private void CopySources()
    {
        var files = Directory.EnumerateFiles(Build.Root).Concat(Sources.SelectMany(
            source => Directory.EnumerateFiles(Path.Combine(Build.Root, source), "*", SearchOption.AllDirectories)));
        foreach (var file in files.Select(file => Path.GetRelativePath(Build.Root, file)))
        {
            if (file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Clone, file))!);
            File.Copy(Path.Combine(Build.Root, file), Path.Combine(Clone, file));
        }
    }

    // Where packages come from, and those that are there but ours.
    private void LinkPackagesOfOthers()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var settings = Path.Combine(".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(Path.Combine(home, settings)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Home, settings))!);
            File.Copy(Path.Combine(home, settings), Path.Combine(Home, settings));
        }

        Directory.CreateDirectory(Others);
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        foreach (var package in Directory.EnumerateDirectories(cache).Select(package => Path.GetFileName(package)))
        {
            if (!package.StartsWith("orchestrator.", StringComparison.OrdinalIgnoreCase))
            {
                Directory.CreateSymbolicLink(Path.Combine(Others, package), Path.Combine(cache, package));
            }
        }
    }
}
