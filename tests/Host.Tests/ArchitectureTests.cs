using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Orchestrator.Host.Tests;

/// <summary>Who may reference whom, read from the project files.</summary>
public sealed partial class ArchitectureTests
{
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "src/Abstractions", [] },
        { "src/Numerics", ["Abstractions"] },
        { "src/Networks", ["Abstractions"] },
        { "src/Engine", ["Abstractions", "Numerics"] },
        { "src/Observation", ["Abstractions", "Engine"] },
        { "src/Composition", ["Abstractions", "Networks", "Numerics"] },
        { "src/RunFolders", ["Abstractions", "Numerics"] },
        { "src/Telemetry", ["Abstractions", "Composition", "Engine", "Observation"] },
        { "src/Statistics", ["Numerics"] },
        { "src/Runs", ["Abstractions", "Numerics", "Engine", "Observation", "Composition", "RunFolders", "Telemetry"] },
        { "src/Sweeps", ["Abstractions", "Composition", "Numerics", "RunFolders", "Runs", "Statistics"] },
        { "src/Reports", ["Abstractions", "Composition", "RunFolders", "Statistics", "Sweeps"] },
        { "src/Live", ["Abstractions", "Reports", "RunFolders", "Sweeps"] },
        { "src/Testing", ["Abstractions", "Numerics", "Engine", "Networks"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Source_ReferencesOnlyWhatItMay(string project, string[] allowed)
    {
        var file = Path.Combine(Cli.RepositoryRoot, project, Path.GetFileName(project) + ".csproj");

        Assert.Subset(allowed.ToHashSet(), References(file).ToHashSet());
    }

    [Theory]
    [InlineData("src/Abstractions")]
    [InlineData("src/Engine")]
    [InlineData("src/Observation")]
    public void TheCore_UsesNothingButTheRuntime(string project) =>
        Assert.Empty(Packages($"{project}/{Path.GetFileName(project)}.csproj").Except(["Microsoft.CodeAnalysis.BannedApiAnalyzers"]));

    [Fact]
    public void Runs_HaveNoConsole() => Assert.Empty(Packages("src/Runs/Runs.csproj"));

    [Fact]
    public void Plugins_ReferenceContractsNetworksAndNumerics_AndNoOtherProject()
    {
        var projects = Directory.GetFiles(Path.Combine(Cli.RepositoryRoot, "plugins"), "*.csproj", SearchOption.AllDirectories);

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Empty(References(project)));
        Assert.Equal(["Abstractions", "Networks", "Numerics"], References(Path.Combine(Cli.RepositoryRoot, "plugins", "Directory.Build.props")).Order());
    }

    [Fact]
    public void Host_ReferencesNoPlugin()
    {
        var document = XDocument.Load(Path.Combine(Cli.RepositoryRoot, "src/Host/Host.csproj"));
        var toPlugins = document.Descendants("ProjectReference")
            .Where(r => r.Attribute("Include")!.Value.Contains("Plugin", StringComparison.OrdinalIgnoreCase)).ToList();

        Assert.NotEmpty(toPlugins);
        Assert.All(toPlugins, r => Assert.Equal("false", r.Attribute("ReferenceOutputAssembly")?.Value));
    }

    [Fact]
    public void EveryVersion_StandsInOnePlace()
    {
        var projects = Directory.GetFiles(Cli.RepositoryRoot, "*.csproj", SearchOption.AllDirectories)
            .Where(p => !p.Contains("/samples/") && !p.Contains("/templates/") && !p.Contains("/obj/") && !p.Contains("/bin/"));

        Assert.All(projects, p => Assert.DoesNotContain(XDocument.Load(p).Descendants("PackageReference"), r => r.Attribute("Version") is not null));
    }

    [Fact]
    public void TheEngine_KnowsNoPluginByName()
    {
        var sources = Directory.GetFiles(Path.Combine(Cli.RepositoryRoot, "src/Engine"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/"));

        Assert.All(sources, f => Assert.DoesNotMatch("\"(sgd|adam|lenet5|fashion-mnist|dana-zero|gap-aware|asynchronous|in-process)\"", File.ReadAllText(f)));
    }

    [Fact]
    public void EveryNamespace_IsThatOfItsFolder()
    {
        var wrong =
            from top in new[] { "src", "plugins", "tests" }
            from project in Directory.GetFiles(Path.Combine(Cli.RepositoryRoot, top), "*.csproj", SearchOption.AllDirectories)
            where !project.Contains("/Fixtures/")
            let folder = Path.GetDirectoryName(project)!
            from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/") && !file.Contains("/bin/") && !file.Contains("/Fixtures/")
            let declared = Namespace().Match(File.ReadAllText(file)).Groups[1].Value
            let own = "Orchestrator." + Path.GetFileNameWithoutExtension(project)
            where declared.Length > 0 && declared != own && declared != $"{own}.{Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace('/', '.')}"
            select $"{Path.GetRelativePath(Cli.RepositoryRoot, file)}: {declared}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void TheSolution_HasEveryProjectUnderItsFolder_AndNoPlatforms()
    {
        var solution = XDocument.Load(Path.Combine(Cli.RepositoryRoot, "Orchestrator.slnx"));
        var projects = new[] { "bench", "plugins", "src", "tests" }
            .SelectMany(top => Directory.GetFiles(Path.Combine(Cli.RepositoryRoot, top), "*.csproj", SearchOption.AllDirectories))
            .Select(project => Path.GetRelativePath(Cli.RepositoryRoot, project)).Where(project => !project.Contains("/Fixtures/"))
            .Append("samples/Templates.csproj");

        var listed = solution.Descendants("Project")
            .Select(project => (Path: project.Attribute("Path")!.Value, Folder: project.Parent!.Attribute("Name")?.Value)).ToList();
        Assert.Equal(projects.Order(StringComparer.Ordinal), listed.Select(project => project.Path).Order(StringComparer.Ordinal));
        Assert.All(listed, project => Assert.Equal($"/{project.Path.Split('/')[0]}/", project.Folder));
        Assert.Empty(solution.Descendants("Platform"));
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> Packages(string project) =>
        XDocument.Load(Path.Combine(Cli.RepositoryRoot, project)).Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value);
}
