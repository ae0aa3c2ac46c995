using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// A launcher with what a profile says: a JSON object with the launcher's name and its options. It
/// is no part of a pipeline, and of no run's id. Launchers may share one: what means something to
/// another launcher only is left out, and said.
/// </summary>
public sealed class LaunchProfile
{
    /// <summary>The key that names the launcher.</summary>
    public const string LauncherKey = "launcher";

    private const int LargestFile = 1 << 20;

    private LaunchProfile(string name, ILauncher launcher, string json, IReadOnlyList<string> notes) => (Name, Launcher, Json, Notes) = (name, launcher, json, notes);

    /// <summary>The launcher's name.</summary>
    public string Name { get; }

    /// <summary>The launcher.</summary>
    public ILauncher Launcher { get; }

    /// <summary>The profile with all defaults, which reads as the same.</summary>
    public string Json { get; }

    /// <summary>What was left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads a profile.</summary>
    /// <param name="file">The file; null for a launcher with its defaults.</param>
    /// <param name="name">The launcher, whatever the file names; null for the one that it
    /// names.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="toSubmit">Whether something is to be submitted: only then what a launch needs
    /// beside the profile must be there, such as a file of hosts.</param>
    /// <param name="mistakes">All that is wrong; the profile is null then.</param>
    /// <exception cref="PluginException">The launcher cannot be loaded.</exception>
    public static LaunchProfile? Read(string? file, string? name, PluginCatalog catalog, bool toSubmit, out IReadOnlyList<Mistake> mistakes)
    {
        var found = new Mistakes();
        var profile = Document(file, found) is { } document && Named(document, name, catalog, found) is { } plugin ? Bind(plugin, document, catalog, toSubmit, found) : null;
        mistakes = found.ToList();
        return found.Any ? null : profile;
    }

    private static ObjectNode? Document(string? file, Mistakes mistakes)
    {
        if (file is null)
        {
            return new ObjectNode(new Origin("--" + LauncherKey));
        }

        try
        {
            var node = DocumentReader.ReadFile(RegularFile.ReadAllBytes(file, LargestFile), file, mistakes);
            if (node is not (null or ObjectNode))
            {
                mistakes.Add(node.Origin, "", $"{node.Noun}; a profile is an object");
            }

            return node as ObjectNode;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(new Origin(file), "", $"the profile cannot be read: {failure.Message}");
            return null;
        }
    }

    private static PluginDescription? Named(ObjectNode document, string? name, PluginCatalog catalog, Mistakes mistakes)
    {
        var names = catalog.Of(PluginKind.Launcher).Select(plugin => plugin.Name).ToList();
        var (wanted, origin) = name is not null ? (name, new Origin("--" + LauncherKey)) : document[LauncherKey] switch
        {
            TextNode text => (text.Value, text.Origin),
            null => (null, document.Origin),
            var other => (Mistakes.Quote(other), other.Origin),
        };
        if (wanted is null)
        {
            mistakes.Add(origin, LauncherKey, $"no launcher is named, here or by --{LauncherKey}; {string.Join(", ", names)} are allowed");
            return null;
        }

        if (catalog.Find(PluginKind.Launcher, wanted) is { } plugin)
        {
            return plugin;
        }

        // The rest of the profile is looked at as that of the launcher that was probably meant.
        mistakes.Add(origin, name is null ? LauncherKey : "", $"there is no launcher {Mistakes.Quote(wanted)}; {string.Join(", ", names)} are allowed{NearestMatch.Suffix(wanted, names)}");
        return NearestMatch.Find(wanted, names) is { } meant ? catalog.Find(PluginKind.Launcher, meant) : null;
    }

    private static LaunchProfile? Bind(PluginDescription plugin, ObjectNode document, PluginCatalog catalog, bool toSubmit, Mistakes mistakes)
    {
        var (options, notes) = (plugin.Options.Options, new List<string>());
        var elsewhere = catalog.Of(PluginKind.Launcher).SelectMany(other => other.Options.Options.Select(option => (option.Name, other))).ToLookup(pair => pair.Name, pair => pair.other.Name);
        var names = options.Select(option => option.Name).Append(LauncherKey).ToList();
        foreach (var (key, value) in document.Members.Where(member => !names.Contains(member.Key)))
        {
            if (elsewhere.Contains(key))
            {
                notes.Add($"{value.Origin}: {key} means nothing to the launcher {plugin.Name} (it is for {string.Join(", ", elsewhere[key])}); it is left out.");
            }
            else
            {
                mistakes.Add(value.Origin, key, $"the launcher {plugin.Name} has no such option; {string.Join(", ", names)} are allowed{NearestMatch.Suffix(key, names.Concat(elsewhere.Select(other => other.Key)))}");
            }
        }

        // One by one, so that those that are right can be looked at whatever is wrong with others.
        var (binder, bound) = (new ValueBinder(catalog, mistakes), new ObjectNode(document.Origin));
        foreach (var option in options)
        {
            if ((binder.Key(document[option.Name], option, document) ?? option.Default) is { } value)
            {
                bound[option.Name] = value;
            }
        }

        var launcher = (ILauncher)catalog.Loader.Create(plugin, bound);
        foreach (var mistake in toSubmit ? launcher.Mistakes : [])
        {
            mistakes.Add(document[mistake.Option]?.Origin ?? document.Origin, mistake.Option, mistake.Message);
        }

        var frozen = new ObjectNode(document.Origin) { [LauncherKey] = new TextNode(document.Origin, plugin.Name) };
        foreach (var (key, value) in bound.Members)
        {
            frozen[key] = value;
        }

        return new LaunchProfile(plugin.Name, launcher, JsonText.Compact(frozen), notes);
    }
}
