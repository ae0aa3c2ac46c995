using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>A plugin as a pipeline configures it.</summary>
public sealed class PluginSection
{
    private readonly PluginLoader loader;

    internal PluginSection(PluginDescription plugin, PluginLoader loader, ObjectNode options, string path)
    {
        (Plugin, this.loader, Options, Path) = (plugin, loader, options, path);
    }

    public PluginDescription Plugin { get; }

    public PluginKind Kind => Plugin.Kind;

    public string Name => Plugin.Name;

    /// <summary>Where it stands in the document: <c>workers.compute</c>.</summary>
    public string Path { get; }

    /// <summary>Where its first key was written.</summary>
    public Origin Origin => Options.Origin;

    /// <summary>The section with all defaults filled in, as JSON.</summary>
    public string Json => JsonText.Compact(Options);

    internal ObjectNode Options { get; }

    /// <summary>A new instance, each time.</summary>
    /// <typeparam name="T">The kind's contract, e.g. <see cref="IOptimizer"/>.</typeparam>
    /// <exception cref="OptionException">The constructor refuses the options; a pipeline that
    /// loaded has none such.</exception>
    /// <exception cref="PluginException">The plugin cannot be loaded, or its constructor
    /// threw.</exception>
    public T Create<T>() where T : class => (T)loader.Create(Plugin, Options);

    /// <summary>What the plugin refused of its options, as a mistake of the document.</summary>
    public Mistake MistakeOf(OptionException refused)
    {
        var mistakes = new Mistakes();
        mistakes.Add(PathText.Nearest(Options, refused.Option).Origin, PathText.Below(Path, refused.Option), refused.Message);
        return mistakes.ToList()[0];
    }

    /// <summary>What the plugin was when it was loaded.</summary>
    /// <exception cref="PluginException">It cannot be loaded.</exception>
    public ContentHashes Content => loader.ContentOf(Plugin);

    public override string ToString() => $"{Path}: {Plugin.Title}";
}
