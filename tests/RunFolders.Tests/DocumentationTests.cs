using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders.Tests;

/// <summary>docs/ref-run-folder.md says what the code writes.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), "docs", "ref-run-folder.md"));

    public static TheoryData<string, string[]> Files => new()
    {
        { UpdateRows.FileName, [.. UpdateRows.Columns] },
        { EvaluationRows.FileName, [.. EvaluationRows.Columns] },
        { ConfusionRows.FileName, [.. ConfusionRows.Columns] },
        { EventRows.FileName, [.. EventRows.Columns] },
        { PartitionRows.FileName, [.. PartitionRows.Columns] },
        { GroupRows.FileName, [.. GroupRows.Columns] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Columns_OfEachFile_AreThoseOfTheDocument(string file, string[] columns) => Assert.Equal(columns, TableAfter($"## {file}"));

    [Fact]
    public void Columns_OfMoreSets_AreThoseOfTheDocument() =>
        Assert.Equal(EvaluationRows.MoreColumns.Except(EvaluationRows.Columns), TableAfter("| further column |"));

    [Theory]
    [InlineData("## run.json", "")]
    [InlineData("`run`:", "run")]
    [InlineData("`environment`:", "environment")]
    [InlineData("`summary`, and", "summary")]
    public void Keys_OfRunJson_AreThoseOfTheDocument(string heading, string property)
    {
        using var root = new TemporaryFolder();
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("{}", Samples.Description);
        folder.Finish(folder.Summarize(new RunOutcome { Status = RunStatus.Completed, WallSeconds = 1 }, null));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullPath, "run.json")));
        var element = property.Length == 0 ? json.RootElement : json.RootElement.GetProperty(property);
        Assert.Equal(element.EnumerateObject().Select(p => p.Name).Order(), TableAfter(heading).Order());
    }

    [Fact]
    public void Statuses_AreThoseOfTheDocument() =>
        Assert.Equal(Enum.GetNames<RunStatus>().Select(n => n.ToLowerInvariant()), TableAfter("## Status"));

    [Fact]
    public void Files_OfAFinishedRun_AreThoseOfTheDocument()
    {
        using var root = new TemporaryFolder();
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("{}", Samples.Description);
        folder.WritePartitions(PartitionSkew.Of([new[] { 0, 1 }, new[] { 2 }], [0, 1, 1], 2, 3));
        folder.WriteGroups([new[] { 0, 1 }, new[] { 2 }], [0, 1, 1], ["a", "b"]);
        using var recorder = new Recorder(folder.FullPath, Samples.Layout);
        recorder.Finish(new float[20], new float[2]);
        folder.Finish(folder.Summarize(new RunOutcome { Status = RunStatus.Completed, WallSeconds = 1 }, recorder));
        new RunNotes { Tags = ["paper"] }.Write(folder.FullPath);
        Assert.Equal(Directory.GetFiles(folder.FullPath).Select(Path.GetFileName).Order(), TableAfter("# The run folder").Order());
    }

    // The names in the first column of the first table below a line.
    private static IEnumerable<string> TableAfter(string heading) => Lines
        .SkipWhile(l => !l.StartsWith(heading, StringComparison.Ordinal))
        .SkipWhile(l => !l.StartsWith('|'))
        .TakeWhile(l => l.StartsWith('|'))
        .SelectMany(l => Name().Matches(l.Split('|')[1]).Select(m => m.Groups[1].Value));

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orchestrator.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        }

        return folder;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
