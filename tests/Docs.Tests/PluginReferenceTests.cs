using System.Text;

namespace Orchestrator.Docs.Tests;

public sealed class PluginReferenceTests
{
    [Fact]
    public void PluginReference_IsWhatTheirMetadataSays() =>
        GeneratedText.Check("ref-plugins.md", "plugins", Index() + string.Concat(PluginKinds.All.Select(Kind)));

    private static string Index()
    {
        var text = new StringBuilder("| kind | plugins |\n|---|---|\n");
        foreach (var kind in PluginKinds.All)
        {
            text.Append($"| [{kind.Name}](#{kind.Name}) | {string.Join(", ", Repository.Plugins.Of(kind).Select(p => $"[`{p.Name}`](#{Anchor(p)})"))} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Kind(PluginKind kind)
    {
        var text = new StringBuilder($"## {kind.Name}\n\n");
        foreach (var plugin in Repository.Plugins.Of(kind))
        {
            text.Append($"### {kind.Name} `{plugin.Name}`\n\n{Prose.Wrap(plugin.Description)}\n\n{Options(plugin)}");
        }

        return text.ToString();
    }

    private static string Options(PluginDescription plugin) =>
        plugin.Options.Options.Count == 0 ? "No options.\n\n" : OptionTables.Of(plugin.Options);

    // As GitHub makes it from the heading.
    private static string Anchor(PluginDescription plugin) => $"{plugin.Kind.Name}-{plugin.Name}";
}
