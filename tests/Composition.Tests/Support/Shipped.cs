using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>The real plugins, as the build places them.</summary>
internal static class Shipped
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "plugins");

    public static PluginCatalog Catalog { get; } = PluginCatalog.Read([Folder]);

    public static PipelineRequest Request(params string[] sets) => new(new DataFolders([])) { Sets = sets, Cores = 2, MemoryLimit = 4L << 30 };
}
