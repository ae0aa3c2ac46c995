using System.Reflection;

namespace Orchestrator.Docs.Tests;

/// <summary>The checkout that the tests were built from, and what its build made.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static PluginCatalog Plugins { get; } = PluginCatalog.Read([Path.Combine(Root, "src", "Host", Build, "plugins")]);

    public static string Program { get; } = Path.Combine(Root, "src", "Host", Build, "orchestrator");

    private static string Build => Metadata("BuildFolder");

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>The documentation file that the compiler wrote for a plugin's assembly.</summary>
    public static string DocumentationOf(PluginDescription plugin) =>
        File("plugins", Path.GetFileName(plugin.Folder), Build, Path.GetFileNameWithoutExtension(plugin.File) + ".xml");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
