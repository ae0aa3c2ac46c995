using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// One instance of each plugin that a document names, for the checks; whatever goes wrong with one
/// is a mistake at its section.
/// </summary>
internal sealed class Instances
{
    private readonly PluginLoader loader;
    private readonly ObjectNode document;
    private readonly Mistakes mistakes;
    private readonly Dictionary<string, object> byPath;

    public Instances(PluginLoader loader, ObjectNode document, Mistakes mistakes)
        : this(loader, document, mistakes, [])
    {
    }

    private Instances(PluginLoader loader, ObjectNode document, Mistakes mistakes, Dictionary<string, object> byPath) =>
        (this.loader, this.document, this.mistakes, this.byPath) = (loader, document, mistakes, byPath);

    /// <summary>
    /// The instances by the section's path; those of other documents may be added.
    /// </summary>
    public IReadOnlyDictionary<string, object> ByPath => byPath;

    public void Create(BoundSection section) => Guard(
        section.Path, section.Plugin, "threw while it was created", () => byPath[section.Path] = loader.Create(section.Plugin, section.Options));

    public void Add(IReadOnlyDictionary<string, object> others)
    {
        foreach (var (path, instance) in others)
        {
            byPath.Add(path, instance);
        }
    }

    /// <summary>The same instances, with mistakes that go elsewhere.</summary>
    public Instances For(Mistakes others) => new(loader, document, others, byPath);

    /// <summary>
    /// The section's instance; null when it could not be made, which is a mistake already.
    /// </summary>
    public T? Get<T>(PluginSection section) where T : class => byPath.GetValueOrDefault(section.Path) as T;

    /// <summary>Asks a section's plugin something; null, with a mistake, when it throws.</summary>
    public TAnswer? Ask<TPlugin, TAnswer>(PluginSection section, Func<TPlugin, TAnswer?> question) where TPlugin : class where TAnswer : class
    {
        TAnswer? answer = null;
        if (Get<TPlugin>(section) is { } instance)
        {
            Guard(section.Path, section.Plugin, "threw while the pipeline was checked", () => answer = question(instance));
        }

        return answer;
    }

    /// <summary>Does with a new instance what can be done with an instance only once.</summary>
    public void Try<TPlugin>(PluginSection section, Action<TPlugin> action) where TPlugin : class
    {
        if (Get<TPlugin>(section) is not null)
        {
            Guard(section.Path, section.Plugin, "threw while the pipeline was checked", () => action(section.Create<TPlugin>()));
        }
    }

    public void Add(string path, string message) => mistakes.Add(PathText.Nearest(document, path).Origin, path, message);

    private void Guard(string path, PluginDescription plugin, string what, Action action)
    {
        try
        {
            action();
        }
        catch (OptionException refused)
        {
            Add(PathText.Below(path, refused.Option), refused.Message);
        }
        catch (Exception failure) when (failure is DataException or (PluginException and not PluginPlaceException))
        {
            Add(path, failure.Message);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or PluginPlaceException))
        {
            Add(path, PluginLoader.Explained(plugin, what, failure).Message);
        }
    }
}
