using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// docs/decisions: numbers without holes, a date and a status on each page, an index made from
/// them.
/// </summary>
public sealed partial class DecisionTests
{
    private static readonly string[] Files =
        [.. Directory.EnumerateFiles(Repository.File("docs", "decisions"), "0*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Index_ListsEveryDecision()
    {
        var text = new StringBuilder("| | decision | date | status |\n|---|---|---|---|\n");
        foreach (var file in Files)
        {
            var head = Head().Match(File.ReadAllText(Repository.File("docs", "decisions", file)));
            Assert.True(head.Success, $"docs/decisions/{file} does not begin with '# N. Title', an empty line and 'YYYY-MM-DD · status'.");
            text.Append($"| {head.Groups["number"]} | [{head.Groups["title"]}]({file}) | {head.Groups["date"]} | {head.Groups["status"]} |\n");
        }

        GeneratedText.Check(Path.Combine("decisions", "README.md"), "index", text.ToString());
    }

    [Fact]
    public void Numbers_HaveNoHoles_AndAreThoseOfTheFiles()
    {
        var numbers = Files.Select(file => int.Parse(file[..4], CultureInfo.InvariantCulture)).ToList();
        var titles = Files.Select(
            file => int.Parse(Head().Match(File.ReadAllText(Repository.File("docs", "decisions", file))).Groups["number"].Value, CultureInfo.InvariantCulture));

        Assert.Equal(Enumerable.Range(1, Files.Length), numbers);
        Assert.Equal(numbers, titles);
    }

    [GeneratedRegex(@"\A# (?<number>\d+)\. (?<title>.+)\n\n(?<date>\d{4}-\d\d-\d\d) · (?<status>(accepted|superseded by \[).*)\n")]
    private static partial Regex Head();
}
