using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

public sealed partial class ExitCodeReferenceTests
{
    [Fact]
    public void EveryExitCode_HasASection()
    {
        var codes = Code().Matches(File.ReadAllText(Repository.File("src", "Runs", "ExitCodes.cs"))).Select(m => m.Groups[1].Value).ToList();
        var sections = Section().Matches(File.ReadAllText(Repository.File("docs", "ref-exit-codes.md"))).Select(m => m.Groups[1].Value);

        Assert.NotEmpty(codes);
        Assert.Equal(codes, sections);
    }

    [GeneratedRegex(@"public const int \w+ = (\d+);")]
    private static partial Regex Code();

    [GeneratedRegex(@"^## (\d+)", RegexOptions.Multiline)]
    private static partial Regex Section();
}
