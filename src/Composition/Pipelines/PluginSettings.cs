using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Plugins of one kind that no pipeline names, each with its options as <c>NAME.OPTION=VALUE</c>
/// gives them, and defaults else.
/// </summary>
public static class PluginSettings
{
    /// <summary>The plugins, in order of their names.</summary>
    /// <param name="catalog">All that there are.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="only">Names of those that are wanted; empty for all.</param>
    /// <param name="sets">Values of options.</param>
    /// <param name="mistakes">What is wrong with names and values; with any, nothing is to be
    /// used.</param>
    public static IReadOnlyList<PluginSection> Bind(
        PluginCatalog catalog, PluginKind kind, IReadOnlyCollection<string> only, IEnumerable<string> sets, out IReadOnlyList<Mistake> mistakes)
    {
        var (found, document) = (new Mistakes(), new ObjectNode(Origin.Default));
        foreach (var set in sets)
        {
            SetArgument.Apply(document, set, found);
        }

        var names = catalog.Of(kind).Select(plugin => plugin.Name).ToList();
        foreach (var name in only.Concat(document.Members.Keys).Where(name => !names.Contains(name)).Distinct(StringComparer.Ordinal))
        {
            found.Add(new Origin(only.Contains(name) ? "--only" : "--set"), "", $"there is no {kind.Name} {Mistakes.Quote(name)}; {string.Join(", ", names)} are{NearestMatch.Suffix(name, names)}");
        }

        var (binder, sections) = (new ValueBinder(catalog, found), new List<PluginSection>());
        foreach (var plugin in catalog.Of(kind).Where(plugin => only.Count == 0 || only.Contains(plugin.Name)))
        {
            var given = document[plugin.Name] switch
            {
                ObjectNode options => options,
                null => new ObjectNode(Origin.Default),
                var other => Refuse(other, plugin.Name, found),
            };
            if (binder.Record(given, plugin.Options, plugin.Name) is { } bound)
            {
                sections.Add(new PluginSection(plugin, catalog.Loader, bound, plugin.Name));
            }
        }

        mistakes = found.ToList();
        return sections;
    }

    private static ObjectNode Refuse(Node value, string name, Mistakes mistakes)
    {
        mistakes.Add(value.Origin, name, $"{Mistakes.Quote(value)} is no option; {name}.OPTION=VALUE is expected");
        return new ObjectNode(value.Origin);
    }
}
