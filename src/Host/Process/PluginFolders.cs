using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Host;

/// <summary>Where plugins and data are looked for.</summary>
internal static class PluginFolders
{
    /// <summary>
    /// The program's own plugins, those of ORCHESTRATOR_PLUGINS, then the given ones.
    /// </summary>
    public static IReadOnlyList<string> Plugins(IEnumerable<string> given) =>
    [
        Path.Combine(AppContext.BaseDirectory, "plugins"),
        .. Paths("ORCHESTRATOR_PLUGINS"),
        .. given.Select(Path.GetFullPath),
    ];

    /// <summary>
    /// The given folder; without one, those of ORCHESTRATOR_DATA; without any, ./data. A place that
    /// was named is never replaced by another in silence.
    /// </summary>
    public static DataFolders Data(string? given, Terminal terminal)
    {
        if (given is not null && !Directory.Exists(given))
        {
            terminal.Warn($"--data: there is no folder '{given}'; a data set that needs files will not be found.");
        }

        var named = given is null ? [.. Paths("ORCHESTRATOR_DATA")] : new[] { Path.GetFullPath(given) };
        return new DataFolders(named.Length > 0 ? named : [Path.GetFullPath("data")]);
    }

    /// <summary>The plugins that there are; says which could not be used.</summary>
    public static PluginCatalog Read(IEnumerable<string> given, Terminal terminal)
    {
        var catalog = PluginCatalog.Read(Plugins(given));
        terminal.Warn(catalog);
        return catalog;
    }

    private static IEnumerable<string> Paths(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath);
}
