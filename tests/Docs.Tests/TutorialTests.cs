using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// What a reader of the tutorial types works: its files are valid, and each of its commands on a
/// pipeline is accepted.
/// </summary>
public sealed partial class TutorialTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void EveryCommandOfTheTutorial_IsAccepted()
    {
        var text = File.ReadAllText(Repository.File("docs", "tutorial-compose.md"));
        Copy(Repository.File("pipelines"), Path.Combine(folder, "pipelines"));
        foreach (Match file in NamedFile().Matches(text))
        {
            File.WriteAllText(Path.Combine(folder, file.Groups[1].Value), file.Groups[2].Value);
        }

        var commands = Command().Matches(text).Select(m => m.Groups[1].Value).ToList();
        Assert.True(commands.Count > 5, "The tutorial has lost its commands.");
        Assert.All(commands, command =>
        {
            var ended = Cli.Run(folder, ["validate", .. Words(command)]);
            Assert.True(ended.ExitCode == 0, $"{command}\n{ended.Error}");
        });
    }

    // Words of a shell line; single quotes hold JSON together.
    private static IEnumerable<string> Words(string line) => Word().Matches(line).Select(m => m.Value.Replace("'", "", StringComparison.Ordinal));

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.json", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [GeneratedRegex(@"`([\w.-]+\.json)`:\n\n```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"^orchestrator (?:run|validate) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"(?:[^\s']|'[^']*')+")]
    private static partial Regex Word();
}
