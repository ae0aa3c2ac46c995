using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// docs/tutorial-answer.md word by word: its file is written, its commands are run, and what it
/// says they print they print. Its numbers are those of one kernel path; on another only their form
/// is compared.
/// </summary>
public sealed partial class AnswerTutorialTests : IDisposable
{
    private const string KernelPath = "managed/avx512";

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TheTutorial_LeadsFromTheQuestionToTheParagraph()
    {
        var text = File.ReadAllText(Repository.File("docs", "tutorial-answer.md"));
        Directory.CreateDirectory(Path.Combine(folder, "pipelines"));
        File.Copy(Repository.File("pipelines", "quickstart.json"), Path.Combine(folder, "pipelines", "quickstart.json"));
        var file = NamedFile().Match(text);
        File.WriteAllText(Path.Combine(folder, file.Groups[1].Value), file.Groups[2].Value);

        var (said, commands) = ("", 0);
        foreach (var line in Plain(text))
        {
            if (!line.StartsWith("orchestrator ", StringComparison.Ordinal))
            {
                Says(said, line);
                continue;
            }

            said = Run(line);
            commands++;
            if (line == "orchestrator compare which-rule")
            {
                SaysParagraph(said, text);
            }
        }

        Assert.Equal(7, commands);
        Assert.Contains("until a comparison was decided by e-values", Run("orchestrator compare which-rule"), StringComparison.Ordinal);
    }

    // The lines of blocks that name no language.
    private static IEnumerable<string> Plain(string text)
    {
        string? language = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                language = language is null ? line[3..] : null;
            }
            else if (language?.Length == 0)
            {
                yield return line;
            }
        }
    }

    private string Run(string line)
    {
        var ended = Cli.Run(folder, Word().Matches(line).Skip(1).Select(m => m.Value.Replace("'", "", StringComparison.Ordinal)));
        Assert.True(ended.ExitCode == 0, $"{line}\n{ended.Output}\n{ended.Error}");
        return ended.Output;
    }

    // The same line, or at least one with the same words where the numbers are another machine's.
    private void Says(string said, string line) => Assert.True(
        IsExact() ? said.Split('\n').Contains(line) : said.Split('\n')
            .Any(other => Number().Replace(other, "#").StartsWith(Number().Replace(line, "#")[..10], StringComparison.Ordinal)),
        $"The program does not say\n{line}\nbut\n{said}");

    private void SaysParagraph(string said, string text)
    {
        var quoted = string.Join(' ', text.Split('\n').Where(line => line.StartsWith("> ", StringComparison.Ordinal)).Select(line => line[2..]));
        var paragraph = said.Split('\n')[^1];

        // What the runs took is this machine's.
        Assert.Matches(@" The runs took [\d.]+ core-(minutes|hours)\.$", paragraph);
        paragraph = paragraph[..paragraph.LastIndexOf(" The runs took", StringComparison.Ordinal)];
        Assert.Equal(IsExact() ? quoted : Number().Replace(quoted, "#"), IsExact() ? paragraph : Number().Replace(paragraph, "#"));
    }

    private bool IsExact()
    {
        var run = Directory.EnumerateFiles(Path.Combine(folder, "runs", "which-rule"), "run.json", SearchOption.AllDirectories).First();
        return JsonDocument.Parse(File.ReadAllText(run)).RootElement.GetProperty("run").GetProperty("kernelPath").GetString() == KernelPath;
    }

    [GeneratedRegex(@"`([\w.-]+\.json)`:\n\n```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"(?:[^\s']|'[^']*')+")]
    private static partial Regex Word();

    [GeneratedRegex(@"[-+]?[\d.,]+")]
    private static partial Regex Number();
}
