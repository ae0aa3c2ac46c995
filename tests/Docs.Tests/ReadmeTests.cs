using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// What the README shows is what the program does: the summary of its first command, the pictures,
/// and the sweep's table.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    private const string Pipeline = "pipelines/quickstart.json";

    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TheSummary_IsWhatTheFirstCommandPrints()
    {
        var summary = Execute("summary", []).Replace(Path.Combine(folder, "summary"), "runs", StringComparison.Ordinal);

        GeneratedText.Check("../README.md", "summary", $"```\n{summary}\n```", text => Notes().Replace(Times().Replace(text, "TIME"), ""));
    }

    [Fact]
    public void ThePicture_IsDrawnFromTheRecordsOfFiveRuns()
    {
        (string Title, string Colour, string[] Changes)[] series =
        [
            ("1 worker", "#57606a", ["workers.count=1"]),
            ("4 workers", "#0969da", []),
            ("16 workers", "#cf222e", ["workers.count=16"]),
            ("16, gap-aware", "#8250df", ["workers.count=16", "optimizer.corrections=[\"gap-aware\"]"]),
            ("16, staleness-aware", "#1a7f37", ["workers.count=16", "optimizer.corrections=[\"staleness-aware\"]"]),
        ];
        foreach (var (title, _, changes) in series)
        {
            Execute(title, changes);
        }

        var runs = series.Select(s => PicturedRun.Read(s.Title, s.Colour, Directory.GetDirectories(Path.Combine(folder, s.Title, "quickstart")).Single()))
            .ToList();
        GeneratedText.CheckFile(Path.Combine("images", "quickstart.svg"), RunPicture.Draw(runs));
    }

    // About a minute of two idle cores, and of busy ones many.
    [Fact(Explicit = true)]
    [Trait("Slow", "true")]
    public void TheSweep_HasTheTableAndThePicture()
    {
        string[] places = ["--output", Path.Combine(folder, "sweep"), "--results", Path.Combine(folder, "results")];
        var ended = Cli.Run(Repository.Root, [], ["run", "pipelines/which-rule-survives.json", "--jobs", "2", "--quiet", .. places], TimeSpan.FromMinutes(20));
        Assert.True(ended.ExitCode == 0, ended.Error);
        var reported = Cli.Run(Repository.Root, ["report", "which-rule-survives", "--figures", Path.Combine(folder, "figures"), .. places]);
        Assert.True(reported.ExitCode == 0, reported.Error);

        var table = Directory.GetFiles(Path.Combine(folder, "sweep"), "table.md", SearchOption.AllDirectories).Single();
        GeneratedText.Check("../README.md", "which-rule-survives", File.ReadAllText(table));
        GeneratedText.CheckFile(
            Path.Combine("images", "which-rule-survives.svg"), File.ReadAllText(Directory.GetFiles(Path.Combine(folder, "figures"), "*-means.svg").Single()));
    }

    // The summary that the run prints; its folder lies in one of the given name.
    private string Execute(string name, string[] changes)
    {
        var ended = Cli.Run(
            Repository.Root, ["run", Pipeline, "--output", Path.Combine(folder, name), .. changes.SelectMany(change => new[] { "--set", change })]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended.Output;
    }

    [GeneratedRegex(@"(?<=after )[\d.:]+( s)?|(?<=\()[\d,]+(?=/s)")]
    private static partial Regex Times();

    // What the summary notes of this machine: how long the server waited, what checkpoints took.
    [GeneratedRegex(@"^  note .*\n", RegexOptions.Multiline)]
    private static partial Regex Notes();
}
