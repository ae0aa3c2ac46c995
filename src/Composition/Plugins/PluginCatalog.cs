namespace Orchestrator.Composition;

/// <summary>
/// The plugins that a host can use. Made from metadata alone: listing and showing plugins runs none
/// of their code.
/// </summary>
public sealed class PluginCatalog
{
    private readonly Dictionary<(PluginKind, string), PluginDescription> byName = [];

    private PluginCatalog(IEnumerable<PluginDescription> found, List<PluginProblem> problems, PluginCache cache)
    {
        foreach (var plugin in found)
        {
            if (!byName.TryAdd((plugin.Kind, plugin.Name), plugin))
            {
                var first = byName[(plugin.Kind, plugin.Name)];
                problems.Add(new PluginProblem(plugin.File, $"the {plugin.Title} ({plugin.TypeName}) is left out: {first.File} ({first.TypeName}) has the name already; rename one of them")
                {
                    Kind = plugin.Kind,
                    Name = plugin.Name,
                });
            }
        }

        Problems = problems;
        Loader = new PluginLoader(byName.Values, cache);
        Plugins = [.. byName.Values.OrderBy(p => p.Kind).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>By kind, then by name.</summary>
    public IReadOnlyList<PluginDescription> Plugins { get; }

    /// <summary>What could not be used, and why.</summary>
    public IReadOnlyList<PluginProblem> Problems { get; }

    /// <summary>Creates instances of this catalog's plugins.</summary>
    public PluginLoader Loader { get; }

    /// <summary>
    /// Reads search folders in order: each of their folders is one plugin folder, and so is a
    /// search folder that holds assemblies itself. Of two plugins with one name, the first stays.
    /// </summary>
    /// <param name="searchFolders">The folders, the program's own first.</param>
    /// <param name="copies">Where copies of plugin folders are kept; the user's cache by
    /// default.</param>
    public static PluginCatalog Read(IEnumerable<string> searchFolders, string? copies = null)
    {
        var (plugins, problems) = (new List<PluginDescription>(), new List<PluginProblem>());
        foreach (var folder in searchFolders.Select(Path.GetFullPath).Distinct())
        {
            Guarded(folder, problems, () => ReadSearchFolder(folder, plugins, problems));
        }

        return new PluginCatalog(plugins, problems, new PluginCache(copies));
    }

    /// <summary>The plugin of this name, or null.</summary>
    public PluginDescription? Find(PluginKind kind, string name) => byName.GetValueOrDefault((kind, name));

    /// <summary>The plugins of a kind, by name.</summary>
    public IEnumerable<PluginDescription> Of(PluginKind kind) => Plugins.Where(p => p.Kind == kind);

    /// <summary>A new instance with every option at its default.</summary>
    /// <exception cref="PluginException">The plugin cannot be loaded, or its constructor
    /// threw.</exception>
    public T Create<T>(PluginDescription plugin) where T : class
    {
        var options = new ObjectNode(Origin.Default);
        foreach (var option in plugin.Options.Options)
        {
            options[option.Name] = option.Default;
        }

        return (T)Loader.Create(plugin, options);
    }

    private static void ReadSearchFolder(string folder, List<PluginDescription> plugins, List<PluginProblem> problems)
    {
        if (!Directory.Exists(folder))
        {
            problems.Add(new PluginProblem(folder, "there is no such folder"));
            return;
        }

        if (Directory.EnumerateFiles(folder, "*.dll").Any())
        {
            new FolderScan(folder, plugins, problems).Run();
            return;
        }

        foreach (var child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            Guarded(child, problems, () => new FolderScan(child, plugins, problems).Run());
        }
    }

    // A folder that cannot be read costs its own plugins, not those of its neighbours.
    private static void Guarded(string folder, List<PluginProblem> problems, Action read)
    {
        try
        {
            read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new PluginProblem(folder, $"cannot be read: {failure.Message}"));
        }
    }
}
