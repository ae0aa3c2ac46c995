using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps.Tests;

/// <summary>
/// A folder of files that lives as long as a test, and the program's own plugins.
/// </summary>
internal sealed class Work : IDisposable
{
    public static string HostFolder { get; } =
        typeof(Work).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "HostFolder").Value!;

    private static readonly Lazy<PluginCatalog> Plugins = new(static () =>
        PluginCatalog.Read([Path.Combine(HostFolder!, "plugins")], Path.Combine(AppContext.BaseDirectory, "copies")));

    public static PluginCatalog Catalog => Plugins.Value;

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-sweeps-").FullName;

    public string Runs => Path.Combine(Folder, "runs");

    public string File(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>The plan of a document with a sweep.</summary>
    public SweepPlanResult Plan(string json, PipelineRequest? request = null)
    {
        request ??= Request();
        var template = PipelineTemplate.Read(File("p.json", json), Catalog, request, out var mistakes)!;
        return mistakes.Count > 0 ? new SweepPlanResult(null, mistakes) : new SweepPlanner(template, request).Plan();
    }

    /// <summary>The plan of a document with a sweep that has no mistake.</summary>
    public SweepPlan Planned(string json)
    {
        var result = Plan(json);
        Assert.True(result.Plan is not null, string.Join('\n', result.Mistakes));
        return result.Plan;
    }

    public static PipelineRequest Request(params string[] sets) => new(new DataFolders([])) { Sets = sets, Cores = 1, MemoryLimit = 4L << 30 };

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
