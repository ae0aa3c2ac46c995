using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>The real plugins and the fixtures, as the build places them.</summary>
internal static class Shipped
{
    private static readonly string Copies = Path.Combine(AppContext.BaseDirectory, "copies");

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>The real plugins.</summary>
    public static PluginCatalog Catalog { get; } = Read(Folder);

    /// <summary>The real plugins and the mixed fixture.</summary>
    public static PluginCatalog WithFixtures { get; } = Read(Folder, Fixture("Mixed"));

    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name);

    public static PluginCatalog Read(params string[] folders) => PluginCatalog.Read(folders, Copies);

    public static PipelineRequest Request(params string[] sets) => new(new DataFolders([])) { Sets = sets, Cores = 2, MemoryLimit = 4L << 30 };
}
