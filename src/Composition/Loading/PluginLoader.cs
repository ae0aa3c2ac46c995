using System.Reflection;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>Creates plugin instances. Each plugin folder is copied and loaded once, in isolation; safe from many threads.</summary>
public sealed class PluginLoader
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, PluginContext> contexts = [];
    private readonly Dictionary<string, string> mains;
    private readonly ShadowCopies copies;

    /// <param name="plugins">All that can be asked for.</param>
    /// <param name="copies">Where copies are kept; null for the user's cache.</param>
    internal PluginLoader(IEnumerable<PluginDescription> plugins, string? copies)
    {
        this.copies = new ShadowCopies(copies);

        // Not the assembly that happens to be asked for first: what a folder's libraries resolve to must not depend on the pipeline.
        mains = plugins.GroupBy(p => p.Folder).ToDictionary(g => g.Key, g => Path.GetFileName(g.Select(p => p.File).Min(StringComparer.Ordinal)!));
    }

    /// <summary>A new instance with the given options.</summary>
    /// <exception cref="OptionException">The constructor refuses the options.</exception>
    /// <exception cref="PluginException">The plugin cannot be loaded, or its constructor threw something else.</exception>
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

    private Type Load(PluginDescription plugin)
    {
        try
        {
            PluginContext? context;
            lock (gate)
            {
                if (!contexts.TryGetValue(plugin.Folder, out context))
                {
                    context = new PluginContext(copies.Of(plugin.Folder), mains[plugin.Folder]);
                    contexts.Add(plugin.Folder, context);
                }
            }

            return context.Assembly(Path.GetFileName(plugin.File)).GetType(plugin.TypeName, throwOnError: true)!;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or BadImageFormatException or TypeLoadException
            or ReflectionTypeLoadException or InvalidOperationException)
        {
            // InvalidOperationException: the deps.json of the assembly cannot be read.
            throw Explained(plugin, "cannot be loaded", failure);
        }
    }
}
