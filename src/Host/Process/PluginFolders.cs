using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Host;

/// <summary>Where plugins and data are looked for.</summary>
internal sealed class PluginFolders(ProgramSettings settings, Terminal terminal)
{
    /// <summary>
    /// The program's own plugins, the given ones, then those of the settings
    /// (ORCHESTRATOR_PLUGINS).
    /// </summary>
    public IReadOnlyList<string> Plugins(IEnumerable<string> given) =>
    [
        Path.Combine(AppContext.BaseDirectory, "plugins"),
        .. given.Select(Path.GetFullPath),
        .. settings.Plugins,
    ];

    /// <summary>
    /// The given folder; without one, those of the settings (ORCHESTRATOR_DATA); without any,
    /// ./data. A place that was named is never replaced by another in silence.
    /// </summary>
    public DataFolders Data(string? given)
    {
        if (given is not null && !Directory.Exists(given))
        {
            terminal.Warn($"--data: there is no folder '{given}'; a data set that needs files will not be found.");
        }

        var named = given is null ? settings.Data : new[] { Path.GetFullPath(given) };
        return new DataFolders(named.Count > 0 ? named : [Path.GetFullPath("data")]);
    }

    /// <summary>The plugins that there are; says which could not be used.</summary>
    public PluginCatalog Read(IEnumerable<string> given)
    {
        var catalog = PluginCatalog.Read(Plugins(given));
        terminal.Warn(catalog);
        return catalog;
    }
}
