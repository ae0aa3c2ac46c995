using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// docs/ref-rules.md is made of the doc comments that stand on the rules' classes.
/// </summary>
public sealed partial class RuleReferenceTests
{
    private static readonly PluginKind[] Kinds =
        [
            PluginKind.Optimizer, PluginKind.Correction, PluginKind.WorkerRule, PluginKind.Schedule, PluginKind.Consistency, PluginKind.Delay,
            PluginKind.Partitioner];

    public static TheoryData<string> Published =>
        [.. new[] { PluginKind.Optimizer, PluginKind.Correction, PluginKind.WorkerRule, PluginKind.Consistency }.Select(kind => kind.Name)];

    [Fact]
    public void RuleReference_IsWhatTheirDocCommentsSay() => GeneratedText.Check("ref-rules.md", "rules", string.Concat(Kinds.Select(Kind)));

    [Theory]
    [MemberData(nameof(Published))]
    public void APublishedRule_NamesItsSource_ItsState_AndAYear(string kind)
    {
        foreach (var plugin in Repository.Plugins.Plugins.Where(p => p.Kind.Name == kind))
        {
            var text = DocComments.Of(plugin);
            Assert.True(Year().IsMatch(text), $"{plugin.Title}: no year of a publication");
            Assert.True(State().IsMatch(text), $"{plugin.Title}: says nothing of its state");
        }
    }

    [Theory]
    [InlineData(PluginKind.Optimizer)]
    [InlineData(PluginKind.Correction)]
    [InlineData(PluginKind.WorkerRule)]
    public void AnUpdateRule_GivesItsFormula(PluginKind kind) =>
        Assert.All(Repository.Plugins.Of(kind), plugin => Assert.Contains("```", DocComments.Of(plugin)));

    private static string Kind(PluginKind kind)
    {
        var text = new StringBuilder($"## {kind.Name}\n\n");
        foreach (var plugin in Repository.Plugins.Of(kind))
        {
            text.Append($"### {kind.Name} `{plugin.Name}`\n\n{DocComments.Of(plugin)}\n\n[Options](ref-plugins.md#{kind.Name}-{plugin.Name})\n\n");
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\b(19|20)\d\d\b")]
    private static partial Regex Year();

    [GeneratedRegex(@"[Ss]tate(\sper\sworker)?:|No\sstate")]
    private static partial Regex State();
}
