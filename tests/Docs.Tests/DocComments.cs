using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// Doc comments of classes as Markdown, from the file that the compiler writes beside an assembly.
/// </summary>
internal static partial class DocComments
{
    private static readonly Dictionary<string, XDocument> Files = [];

    /// <summary>The summary of a plugin's class, wrapped.</summary>
    public static string Of(PluginDescription plugin)
    {
        var file = Repository.DocumentationOf(plugin);
        if (!Files.TryGetValue(file, out var document))
        {
            Files.Add(file, document = XDocument.Load(file, LoadOptions.PreserveWhitespace));
        }

        var member = document.Descendants("member").SingleOrDefault(m => m.Attribute("name")!.Value == "T:" + plugin.TypeName);
        Assert.True(member?.Element("summary") is not null, $"{plugin.Title} has no doc comment");
        return Markdown(member!.Element("summary")!);
    }

    private static string Markdown(XElement summary)
    {
        var (blocks, prose) = (new List<string>(), new StringBuilder());
        foreach (var node in summary.Nodes())
        {
            if (node is XElement { Name.LocalName: "code" } code)
            {
                blocks.Add(Prose.Wrap(prose.ToString()));
                prose.Clear();
                blocks.Add($"```\n{Unindented(code.Value)}\n```");
                continue;
            }

            prose.Append(node switch
            {
                XElement { Name.LocalName: "c" } word => $"`{word.Value}`",
                XElement other => $"`{other.Attribute("cref")?.Value.Split('.')[^1]}`",
                XText words => Spaces().Replace(words.Value, " ").Replace("*", "\\*", StringComparison.Ordinal),
                _ => "",
            });
        }

        blocks.Add(Prose.Wrap(prose.ToString()));
        return string.Join("\n\n", blocks.Where(block => block.Length > 0));
    }

    private static string Unindented(string code)
    {
        var lines = code.Trim('\r', '\n').Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToList();
        var indent = lines.Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line[indent..]));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
