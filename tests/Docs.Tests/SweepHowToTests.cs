using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// docs/how-to-sweep.md: its files are written, and all its commands are run in their order.
/// </summary>
public sealed partial class SweepHowToTests : IDisposable
{
    private const int Commands = 21;

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void EveryCommandOfThePage_Works()
    {
        var text = File.ReadAllText(Repository.File("docs", "how-to-sweep.md"));
        foreach (var file in NamedFile().Matches(text).ToList())
        {
            File.WriteAllText(Path.Combine(folder, file.Groups[1].Value), file.Groups[2].Value);
        }

        var said = Command().Matches(text).Select(command => (Line: command.Value, Said: Run(command.Value))).ToList();

        Assert.Equal(Commands, said.Count);
        Assert.Contains("15: 0 done, 15 left", Of("--dry-run"), StringComparison.Ordinal);
        Assert.Contains(Table().Match(text).Groups[1].Value, Of("run folds.json"), StringComparison.Ordinal);
        Assert.Contains("20 of 20 done", Of("sweep status"), StringComparison.Ordinal);
        Assert.Contains("optimizer.momentum=0.5 workers.count=8", Of("sweep why"), StringComparison.Ordinal);
        Assert.Contains("3 with the same digest", Of("sweep verify"), StringComparison.Ordinal);
        Assert.Matches("(?m)^0\\.9 +4 ", Of("runs query"));
        Assert.Equal(31, File.ReadAllLines(Path.Combine(folder, "runs.csv")).Length);
        Assert.False(File.Exists(Path.Combine(folder, "figure-3.tar.gz")));

        string Of(string part) => said.First(command => command.Line.Contains(part, StringComparison.Ordinal)).Said;
    }

    private string Run(string line)
    {
        var ended = Cli.Run(folder, Word().Matches(line).Skip(1).Select(word => word.Value is ['"', .. var quoted, '"'] ? quoted : word.Value));
        Assert.True(ended.ExitCode == 0, $"{line}\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }

    [GeneratedRegex(@"`([\w.-]+\.json)`:\n\n```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"```text\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"^orchestrator .*$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Word();
}
