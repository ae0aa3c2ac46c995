namespace Orchestrator.Composition;

/// <summary>The plugins that a host can use. Made from metadata alone: listing and showing plugins runs none of their code.</summary>
public sealed class PluginCatalog
{
    private readonly Dictionary<(PluginKind, string), PluginDescription> byName = [];

    private PluginCatalog(IEnumerable<PluginDescription> found, List<PluginProblem> problems, string? copies)
    {
        Loader = new PluginLoader(copies);
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
        Plugins = [.. byName.Values.OrderBy(p => p.Kind).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>By kind, then by name.</summary>
    public IReadOnlyList<PluginDescription> Plugins { get; }

    /// <summary>What could not be used, and why.</summary>
    public IReadOnlyList<PluginProblem> Problems { get; }

    /// <summary>Creates instances of this catalog's plugins.</summary>
    public PluginLoader Loader { get; }

    /// <summary>
    /// Reads search folders in order: each of their folders is one plugin folder, and so is a search folder that holds assemblies itself. Of two
    /// plugins with one name, the first stays.
    /// </summary>
    /// <param name="searchFolders">The folders, the program's own first.</param>
    /// <param name="copies">Where copies of plugin folders are kept; the user's cache by default.</param>
    public static PluginCatalog Read(IEnumerable<string> searchFolders, string? copies = null)
    {
        var (plugins, problems) = (new List<PluginDescription>(), new List<PluginProblem>());
        foreach (var folder in searchFolders.Select(Path.GetFullPath).Distinct())
        {
            try
            {
                ReadSearchFolder(folder, plugins, problems);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                problems.Add(new PluginProblem(folder, $"cannot be read: {failure.Message}"));
            }
        }

        return new PluginCatalog(plugins, problems, copies);
    }

    /// <summary>The plugin of this name, or null.</summary>
    public PluginDescription? Find(PluginKind kind, string name) => byName.GetValueOrDefault((kind, name));

    /// <summary>The plugins of a kind, by name.</summary>
    public IEnumerable<PluginDescription> Of(PluginKind kind) => Plugins.Where(p => p.Kind == kind);

    /// <summary>A new instance with every option at its default.</summary>
    /// <exception cref="PluginException">The plugin cannot be loaded, or its constructor threw.</exception>
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
            ReadPluginFolder(folder, plugins, problems);
            return;
        }

        foreach (var child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            ReadPluginFolder(child, plugins, problems);
        }
    }

    private static void ReadPluginFolder(string folder, List<PluginDescription> plugins, List<PluginProblem> problems)
    {
        var (isPlugin, files) = (false, new PluginFolderFiles(folder));
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            isPlugin |= !Contracts.Shared.Contains(Path.GetFileNameWithoutExtension(file)) && Scan(file, folder, files, plugins, problems);
        }

        if (!isPlugin)
        {
            problems.Add(new PluginProblem(folder, $"holds no plugin: {Contents(folder)}"));
        }
    }

    private static bool Scan(string file, string folder, PluginFolderFiles files, List<PluginDescription> plugins, List<PluginProblem> problems)
    {
        try
        {
            return new AssemblyScan(file, folder, files, plugins, problems).Run();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Damaged metadata shows itself in any exception that an index or a length out of range can cause.
            problems.Add(new PluginProblem(file, $"its metadata cannot be read: {failure.Message}"));
            return true;
        }
    }

    private static string Contents(string folder)
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal).Take(6).ToList();
        return names.Count == 0 ? "it is empty" : $"no assembly in it has a class with [Plugin] (it has {string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", ..." : "")})";
    }
}
