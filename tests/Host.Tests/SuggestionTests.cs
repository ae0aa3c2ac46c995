using System.Text.RegularExpressions;

namespace Orchestrator.Host.Tests;

/// <summary>
/// What the first pages suggest works; what does not is explained by the program itself.
/// </summary>
public sealed partial class SuggestionTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void SixteenWorkers_LearnWithWhatIsSuggested()
    {
        var suggestions = Suggestions().Distinct().ToList();
        Assert.InRange(suggestions.Count, 2, 4);
        foreach (var suggestion in suggestions)
        {
            var summary = program.RunJson(Cli.Shipped("quickstart.json"), 0, [.. Sets(suggestion)]);
            Assert.InRange(summary.GetProperty("testAccuracy").GetDouble(), 80, 100);
            Assert.False(summary.GetProperty("noConvergence").GetBoolean());
            Assert.DoesNotContain("hint:", summary.GetProperty("notes").ToString());
        }
    }

    [Theory]
    [InlineData("", "the run learned nothing")]
    [InlineData("optimizer.type=dana-zero", "the run (learned nothing|was unstable: its test )")]
    public void SixteenWorkers_AreExplained_WhereTheyDoNotLearn(string set, string finding)
    {
        var summary = program.RunJson(Cli.Shipped("quickstart.json"), 0, ["--set", "workers.count=16", .. set.Length > 0 ? new[] { "--set", set } : []]);
        var folder = summary.GetProperty("folder").GetString()!;
        Assert.Contains(summary.GetProperty("notes").EnumerateArray(), note => Regex.IsMatch(note.GetString()!, "^hint: " + finding));
        Assert.Matches(
            $@"(?m)^  hint +{finding}.*15\.0 updates old.* Try one of: --set optimizer\.momentum=0, --set optimizer\.learningRate=0\.0006, ",
            program.Run("runs", "show", folder).Output);
    }

    [Fact]
    public void ARunThatHadNoChance_IsNotCalledOneWithoutConvergence()
    {
        var file = program.Pipeline(Pipelines.Small);
        var summary = program.RunJson(file, 0, "--set", "stop.updates=1", "--set", "evaluation.everyUpdates=1");
        Assert.False(summary.GetProperty("noConvergence").GetBoolean());
        Assert.DoesNotContain("hint:", summary.GetProperty("notes").ToString());
    }

    // Lines of the README, of the pipeline's own comment and of --help that begin with 16 workers.
    private IEnumerable<string> Suggestions() =>
        new[] { File.ReadAllText(
            Path.Combine(Cli.RepositoryRoot, "README.md")), File.ReadLines(Cli.Shipped("quickstart.json")).First(), program.Run("--help").Output }
            .SelectMany(text => Suggestion().Matches(text.Replace("\\\n", "", StringComparison.Ordinal)))
                .Select(match => string.Join(' ', match.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static IEnumerable<string> Sets(string suggestion) => suggestion.Replace("'", "", StringComparison.Ordinal).Split(' ');

    [GeneratedRegex(@"--set workers\.count=16[^\n]*")]
    private static partial Regex Suggestion();
}
