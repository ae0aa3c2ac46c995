using System.Collections.Concurrent;
using System.Reflection;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Creates plugin instances. Each plugin folder is copied and loaded once, in isolation; safe from
/// many threads.
/// </summary>
public sealed class PluginLoader
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LoadedFolder> loaded = [];
    private readonly ConcurrentDictionary<PluginDescription, Type> types = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> mains;
    private readonly PluginCache cache;
    private readonly ShadowCopies copies;

    /// <param name="plugins">All that can be asked for.</param>
    /// <param name="cache">Where copies are kept.</param>
    internal PluginLoader(IEnumerable<PluginDescription> plugins, PluginCache cache)
    {
        this.cache = cache;
        copies = new ShadowCopies(cache);

        // Not the assembly that happens to be asked for first: what a folder's libraries resolve to
        // must not depend on the pipeline.
        mains = plugins.GroupBy(p => p.Folder).ToDictionary(g => g.Key, g => Path.GetFileName(g.Select(p => p.File).Min(StringComparer.Ordinal)!));
    }

    /// <summary>A new instance with the given options.</summary>
    /// <exception cref="OptionException">The constructor refuses the options.</exception>
    /// <exception cref="PluginException">The plugin cannot be loaded, or its constructor threw
    /// something else.</exception>
    internal object Create(PluginDescription plugin, ObjectNode options)
    {
        try
        {
            var type = Load(plugin);
            var constructor = type.GetConstructors()[0];
            var parameters = constructor.GetParameters();
            object?[] arguments = parameters.Length == 0 ? [] : [new Materializer().Record(plugin.Options, options, parameters[0].ParameterType)];
            return constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        }
        catch (Exception failure) when (failure is not (OptionException or PluginException))
        {
            throw Explained(plugin, "threw while it was created", failure);
        }
    }

    /// <summary>The message for what a plugin threw.</summary>
    internal static PluginException Explained(PluginDescription plugin, string what, Exception failure)
    {
        var cause = failure is TypeInitializationException { InnerException: { } inner } ? inner : failure;
        return new PluginException($"the {plugin.Title} of {plugin.File} {what}: {cause.GetType().Name}: {cause.Message}", failure);
    }

    /// <summary>What the plugin was when it was loaded: the content of its folder.</summary>
    /// <exception cref="PluginException">It cannot be loaded.</exception>
    internal ContentHashes ContentOf(PluginDescription plugin) => Guarded(plugin, () => Folder(plugin).Hashes.Value);

    private Type Load(PluginDescription plugin) => types.TryGetValue(plugin, out var type) ? type : types.GetOrAdd(plugin, Guarded(plugin, () =>
    {
        var (folder, file) = (Folder(plugin), Path.GetFileName(plugin.File));

        // What was bound and checked by one file's description is not run by another's code.
        return folder.Content.Files.GetValueOrDefault(file) == plugin.FileHash
            ? folder.Context.Assembly(file).GetType(plugin.TypeName, throwOnError: true)!
            : throw new IOException("it was replaced after its description was read; start again");
    }));

    private LoadedFolder Folder(PluginDescription plugin)
    {
        try
        {
            _ = cache.Folder;
        }
        catch (IOException failure)
        {
            // It is no fault of this plugin.
            throw new PluginPlaceException(failure.Message, failure);
        }

        lock (gate)
        {
            if (!loaded.TryGetValue(plugin.Folder, out var folder))
            {
                var copy = copies.Of(plugin.Folder);
                var hashes = new Lazy<ContentHashes>(() => ContentHashes.Of(copy.Folder, copy.Content.Files, cache.Files));
                loaded.Add(plugin.Folder, folder = new LoadedFolder(new PluginContext(copy.Folder, mains[plugin.Folder]), copy.Content, hashes));
            }

            return folder;
        }
    }

    private static T Guarded<T>(PluginDescription plugin, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or BadImageFormatException or TypeLoadException
            or ReflectionTypeLoadException or InvalidOperationException)
        {
            // InvalidOperationException: the deps.json of the assembly cannot be read.
            throw Explained(plugin, "cannot be loaded", failure);
        }
    }

    /// <summary>A plugin folder in use.</summary>
    /// <param name="Context">Its assemblies.</param>
    /// <param name="Content">Its files.</param>
    /// <param name="Hashes">Made when they are asked for.</param>
    private sealed record LoadedFolder(PluginContext Context, FolderContent Content, Lazy<ContentHashes> Hashes);
}
