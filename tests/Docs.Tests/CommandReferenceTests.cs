using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// docs/ref-commands.md holds the help of every command and what the program answers to mistakes.
/// </summary>
public sealed partial class CommandReferenceTests : IDisposable
{
    private const string Wrong = """
        {
          "dataset": "glyphs",
          "model": "lenet",
          "optimizer": { "type": "sgd", "learningRate": -1, "momentun": 0.9 },
          "workers": { "count": 4, "compute": { "type": "gamma" } },
          "stop": { "epochs": 1 }
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void CommandReference_IsTheHelpOfEveryCommand()
    {
        var text = new StringBuilder();
        Help([], text);
        GeneratedText.Check("ref-commands.md", "help", text.ToString());
    }

    [Fact]
    public void Messages_AreThoseOfTheReference()
    {
        File.WriteAllText(Path.Combine(folder, "wrong.json"), Wrong);
        var text = new StringBuilder($"`wrong.json`:\n\n```json\n{Wrong}\n```\n\n");
        foreach (var arguments in new[] { "validate wrong.json", "run missing.json", "rnu my.json", "run --thraeds 2 my.json", "run wrong.json --threads many",
                "plugins show gap-awre", "runs show 3f2a" })
        {
            var ended = Cli.Run(folder, arguments.Split(' '));
            Assert.Empty(ended.Output);
            text.Append(
                $"`orchestrator {arguments}` (exit code {ended.ExitCode}):\n\n```\n{ended.Error.Replace(folder, "FOLDER", StringComparison.Ordinal)}\n```\n\n");
        }

        GeneratedText.Check("ref-commands.md", "messages", text.ToString());
    }

    private void Help(string[] command, StringBuilder text)
    {
        var ended = Cli.Run(folder, [.. command, "--help"]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        text.Append($"## orchestrator {string.Join(' ', command)}".TrimEnd()).Append($"\n\n```\n{ended.Output}\n```\n\n");
        foreach (Match child in Child().Matches(ended.Output[(ended.Output + "\nCommands:\n").IndexOf("\nCommands:\n", StringComparison.Ordinal)..]))
        {
            Help([.. command, child.Groups[1].Value], text);
        }
    }

    [GeneratedRegex(@"^  ([a-z][a-z-]*)", RegexOptions.Multiline)]
    private static partial Regex Child();
}
