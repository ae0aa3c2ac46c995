using System.Collections.Concurrent;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void Create_Repeated_CountsAttempts()
    {
        using var first = RunFolder.Create(root.Path, "quick", "abc");
        using var second = RunFolder.Create(root.Path, "quick", "abc");
        using var other = RunFolder.Create(root.Path, "quick", "abcd");
        Assert.Equal(
            [root.File("quick/abc-1"), root.File("quick/abc-2"), root.File("quick/abcd-1")],
            [first.FullPath, second.FullPath, other.FullPath]);
    }

    [Fact]
    public void Create_OnManyThreads_GivesEachItsOwnFolder()
    {
        var folders = new ConcurrentBag<RunFolder>();
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                folders.Add(RunFolder.Create(root.Path, "quick", "abc"));
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.Equal(Enumerable.Range(1, 200), folders.Select(f => f.Attempt).Order());
        Assert.Equal(200, Directory.GetDirectories(root.File("quick")).Length);
        Assert.All(folders, f => f.Dispose());
    }

    [Theory]
    [InlineData("../../etc", "-..-etc")]
    [InlineData("a/b c", "a-b-c")]
    [InlineData("..", "unnamed")]
    public void Create_OfNameWithPathCharacters_StaysUnderTheOutput(string name, string directory)
    {
        using var folder = RunFolder.Create(root.Path, name, "abc");
        Assert.Equal(root.File(directory), Path.GetDirectoryName(folder.FullPath));
        Assert.Equal(name, folder.Name);
    }

    [Fact]
    public void Create_WhereAFileIsInTheWay_NamesIt()
    {
        File.WriteAllText(root.File("quick"), "");
        var error = Assert.Throws<RecorderException>(() => RunFolder.Create(root.Path, "quick", "abc"));
        Assert.Contains(root.File("quick"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WritesPipelineAndRunningDocument()
    {
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("""{"name":"quick"}""", Samples.Description);

        Assert.Equal("""{"name":"quick"}""", File.ReadAllText(Path.Combine(folder.FullPath, "pipeline.json")));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullPath, "run.json")));
        Assert.Equal("running", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("2", json.RootElement.GetProperty("run").GetProperty("options").GetProperty("threads").GetString());
        Assert.Equal(Environment.ProcessorCount, json.RootElement.GetProperty("environment").GetProperty("cores").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("summary").ValueKind);
    }

    [Fact]
    public void Finish_WritesStatusDigestAndSummary()
    {
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("{}", Samples.Description);
        using var recorder = new Recorder(folder.FullPath, Samples.Layout);
        for (var n = 0; n < 100; n++)
        {
            recorder.Push(Samples.Push(n));
        }

        recorder.Evaluation(Samples.Evaluation(20));
        var digest = recorder.Finish(new float[20]);
        var summary = folder.Summarize(new RunOutcome { Status = RunStatus.Completed, WallSeconds = 2, VirtualSeconds = 50 }, recorder);
        folder.Finish(summary);

        var document = RunDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullPath, "run.json")));
        Assert.Equal(RunStatus.Completed, document.Status);
        Assert.Equal(digest, document.Digest);
        Assert.Equal(summary, document.Summary! with { Notes = summary.Notes });
        Assert.Equal((100, 50, 70.0), (summary.Updates, summary.UpdatesPerSecond, summary.TestAccuracy));
        Assert.Equal(new PushCounts(91, 0, 9, 0), summary.Pushes);
        Assert.Equal(91 * 32, summary.Samples);
        Assert.False(summary.NoConvergence);
        Assert.Empty(Directory.GetFiles(folder.FullPath, "*.tmp"));
    }

    [Fact]
    public void Start_TakesRoomForADocumentThatIsLongerThanTheFirst()
    {
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("{}", Samples.Description with { ClassNames = [.. Enumerable.Range(0, RunDescription.MostClassNames).Select(i => new string('x', 250) + i)] });

        var written = new FileInfo(Path.Combine(folder.FullPath, "run.json"));
        Assert.True(new FileInfo(written.FullName + ".tmp").Length >= written.Length + 10_000);
    }

    [Fact]
    public void Reopen_OfARunThatAnotherProcessHasCompletedMeanwhile_IsRefused()
    {
        var first = RunFolder.Create(root.Path, "quick", "abc");
        first.Start("{}", Samples.Description);
        first.Dispose();
        var seen = RunReader.Read(first.FullPath)!;
        using (var other = RunFolder.Reopen(seen))
        {
            other.GoOn(Samples.Checkpoint(first.FullPath, 0));
            other.Finish(other.Summarize(new RunOutcome { Status = RunStatus.Completed, WallSeconds = 1 }, null));
        }

        Assert.Equal(RunStatus.Interrupted, seen.Status);
        Assert.Contains("it is completed", Assert.Throws<RecorderException>(() => RunFolder.Reopen(seen)).Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Completed, RunReader.Read(first.FullPath)!.Status);
        Assert.False(RunLock.IsHeld(first.FullPath));
    }

    [Fact]
    public void GoOn_RemovesWhatAnEarlierProcessKeptOfLaterVersions()
    {
        var first = RunFolder.Create(root.Path, "quick", "abc");
        first.Start("{}", Samples.Description);
        first.Dispose();
        var header = Samples.Checkpoint(first.FullPath, 7);
        foreach (var version in new[] { 0, 7, 8 })
        {
            SnapshotFiles.Write(first.FullPath, version, Samples.Layout, new float[20], new float[2]);
        }

        foreach (var name in new[] { "000000000000009.checkpoint", "000000000000007.checkpoint.tmp", "000000000000009.checkpoint.tmp" })
        {
            File.WriteAllText(Path.Combine(first.FullPath, "checkpoint", name), "torn");
        }

        using var folder = RunFolder.Reopen(RunReader.Read(first.FullPath)!);
        folder.GoOn(header);

        Assert.Equal(["000000000000007.checkpoint"], Directory.GetFiles(Path.Combine(first.FullPath, "checkpoint")).Select(Path.GetFileName));
        Assert.Equal([0, 7], SnapshotFiles.In(first.FullPath).Select(snapshot => snapshot.Version));
    }

    [Fact]
    public void ACheckpointThatCannotBeWritten_LeavesNothing()
    {
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("{}", Samples.Description);
        var header = Samples.Checkpoint(folder.FullPath, 7);

        Assert.Throws<RecorderException>(() => new CheckpointFolder(folder.FullPath).Write(header with { Version = 8 }, _ => throw new IOException("no room")));
        Assert.Equal(["000000000000007.checkpoint"], Directory.GetFiles(Path.Combine(folder.FullPath, "checkpoint")).Select(Path.GetFileName));
    }

    [Fact]
    public void Finish_WithoutRecorder_HasEmptyStatistics()
    {
        using var folder = RunFolder.Create(root.Path, "quick", "abc");
        folder.Start("{}", Samples.Description);
        var summary = folder.Summarize(new RunOutcome { Status = RunStatus.Failed, Message = "no data", WallSeconds = 0 }, null);
        Assert.Equal((null, null, null), (summary.Staleness.Mean, summary.Gap.Max, summary.TestAccuracy));
        Assert.Contains("\"updatesPerSecond\":0", summary.ToJson(), StringComparison.Ordinal);
    }
}
