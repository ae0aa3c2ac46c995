using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// docs/how-to-atlas.md: the ledger that comes with the program is that of the atlas, and has what
/// the page says of it.
/// </summary>
public sealed partial class AtlasHowToTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void EveryRunOfTheAtlas_IsInTheLedgerThatComesWithTheProgram()
    {
        var ended = Cli.Run(folder, ["atlas", "--dry-run", "--json"]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        var forecast = JsonDocument.Parse(ended.Output).RootElement;

        Assert.Equal((3600, 3600), (forecast.GetProperty("runs").GetInt32(), forecast.GetProperty("done").GetInt32()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void RunAgain_TheyHaveTheDigestsOfTheLedger()
    {
        // A sample: three rules, six environments, one seed. 'run' knows no ledger but its own.
        var ended = Cli.Run(
            folder,
            ["run", "atlas", "--where", "rule=DANA-GA,Adam,EASGD", "--where", "optimizer.learningRate=0.02", "--where", "workers are=unequal,bursty", "--seeds", "1", "--quiet", "--no-report"]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        var again = Digests(Path.Combine(folder, "results", "atlas.csv"));
        var kept = Digests(Repository.File("results", "atlas.csv"));

        Assert.Equal(18, again.Count);
        Assert.All(again, run => Assert.Equal(kept[run.Key], run.Value));
    }

    [Fact]
    public void ThePagesTable_HasEveryRule_AndItsRunsWithoutConvergence()
    {
        var page = File.ReadAllText(Repository.File("docs", "how-to-atlas.md"));
        var rows = Row().Matches(page[..page.IndexOf("## Your rule", StringComparison.Ordinal)]);
        var pipeline = JsonDocument.Parse(
            File.ReadAllText(Repository.File("pipelines", "atlas.json")), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var rules = pipeline.RootElement.GetProperty("sweep").GetProperty("axes").GetProperty("rule").GetProperty("variants").EnumerateObject()
            .Select(rule => rule.Name);
        var ledger = File.ReadLines(Repository.File("results", "atlas.csv")).Select(line => line.Split(',')).ToList();
        var converged = ledger[0].IndexOf("noConvergence");

        Assert.Equal(rules.Order(StringComparer.Ordinal), rows.Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Equal(
            ledger.Skip(1).Count(row => row[converged] == "1"),
            rows.Sum(row => int.Parse(row.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static Dictionary<string, string> Digests(string ledger)
    {
        var lines = File.ReadLines(ledger).Select(line => line.Split(',')).ToList();
        var (key, digest) = (lines[0].IndexOf("key"), lines[0].IndexOf("digest"));
        return lines.Skip(1).ToDictionary(line => line[key], line => line[digest]);
    }

    [GeneratedRegex(@"^ ?\d+  (\S+(?: \S+)*) +\d+\.\d\d +\d+\.\d\d to \d+\.\d\d +\d+\.\d\d +(\d+)/180", RegexOptions.Multiline)]
    private static partial Regex Row();
}
