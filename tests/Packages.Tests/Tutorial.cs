using System.Text.RegularExpressions;

namespace Orchestrator.Packages.Tests;

/// <summary>
/// docs/tutorial-plugin.md as a reader takes it: commands, and what is said of their output.
/// </summary>
internal static partial class Tutorial
{
    private const string Publish = "dotnet publish src/Host -c Release -o program";

    public static string Text { get; } = File.ReadAllText(Path.Combine(Build.Root, "docs", "tutorial-plugin.md"));

    /// <summary>
    /// Every command in order; and, after a command, the lines that it is to print.
    /// </summary>
    public static IReadOnlyList<Step> Steps { get; } = Read();

    /// <summary>
    /// What comes before the first plugin: packages and template. The program that it publishes is
    /// a matter of other tests.
    /// </summary>
    public static IEnumerable<string> Preparation => Steps.Select(step => step.Command).TakeWhile(IsPreparation).Except([Publish]);

    /// <summary>What comes then.</summary>
    public static IEnumerable<Step> Rest => Steps.SkipWhile(step => IsPreparation(step.Command));

    private static bool IsPreparation(string command) => !command.StartsWith("dotnet new orchestrator-plugin", StringComparison.Ordinal);

    private static List<Step> Read()
    {
        var steps = new List<Step>();
        foreach (Match block in Block().Matches(Text))
        {
            var lines = block.Groups["lines"].Value.TrimEnd('\n').Split('\n');
            if (block.Groups["language"].Value == "sh")
            {
                steps.AddRange(lines.Select(line => new Step(line, [])));
            }
            else
            {
                steps[^1] = steps[^1] with { Says = lines };
            }
        }

        return steps;
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<lines>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    /// <summary>A command and the lines that the page says it prints.</summary>
    internal sealed record Step(string Command, IReadOnlyList<string> Says);
}
