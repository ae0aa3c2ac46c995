namespace Orchestrator.Composition;

/// <summary>
/// The plugins that a host can use. Made from metadata alone: listing and showing plugins runs none
/// of their code.
/// </summary>
public sealed class PluginCatalog
{
    // By kind and name in one text: a key of values would be compiled anew at every start.
    private readonly Dictionary<string, PluginDescription> byTitle = new(StringComparer.Ordinal);

    private PluginCatalog(IEnumerable<PluginDescription> found, List<PluginProblem> problems, PluginCache cache)
    {
        foreach (var plugin in found)
        {
            if (!byTitle.TryAdd(plugin.Title, plugin))
            {
                problems.Add(new PluginProblem(plugin.File, LeftOut(plugin, byTitle[plugin.Title]))
                {
                    Kind = plugin.Kind,
                    Name = plugin.Name,
                });
            }
        }

        Problems = problems;
        Loader = new PluginLoader(byTitle.Values, cache);
        var sorted = new List<PluginDescription>(byTitle.Values);
        sorted.Sort((a, b) => a.Kind != b.Kind ? (int)a.Kind - (int)b.Kind : string.CompareOrdinal(a.Name, b.Name));
        Plugins = sorted;
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
        var (plugins, problems, cache) = (new List<PluginDescription>(), new List<PluginProblem>(), copies is null ? PluginCache.Users : new PluginCache(copies));
        var descriptions = new DescriptionCache(cache);
        foreach (var folder in searchFolders.Select(Path.GetFullPath).Distinct())
        {
            Guarded(folder, problems, () => ReadSearchFolder(folder, plugins, problems, descriptions));
        }

        CopyAges.Try(() => problems.AddRange(cache.Warning is { } warning ? [new PluginProblem(cache.Place, warning)] : []));
        return new PluginCatalog(plugins, problems, cache);
    }

    /// <summary>The plugin of this name, or null.</summary>
    public PluginDescription? Find(PluginKind kind, string name) => byTitle.GetValueOrDefault(PluginDescription.TitleOf(kind, name));

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

    // The same assembly twice is a plugin and a copy of it, of which none needs another name.
    private static string LeftOut(PluginDescription plugin, PluginDescription first) => Path.GetFileName(plugin.File) == Path.GetFileName(first.File)
        ? $"this copy of the {plugin.Title} is left out: {first.File} is used, whose folder comes first"
        : $"the {plugin.Title} ({plugin.TypeName}) is left out: {first.File} ({first.TypeName}) has the name already; rename one of them";

    private static void ReadSearchFolder(string folder, List<PluginDescription> plugins, List<PluginProblem> problems, DescriptionCache cache)
    {
        if (!Directory.Exists(folder))
        {
            problems.Add(new PluginProblem(folder, "there is no such folder"));
            return;
        }

        if (Directory.EnumerateFiles(folder, "*.dll").Any())
        {
            new FolderScan(folder, plugins, problems, cache).Run();
            return;
        }

        foreach (var child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            Guarded(child, problems, () => new FolderScan(child, plugins, problems, cache).Run());
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
