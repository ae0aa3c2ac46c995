using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RunReaderTests : IDisposable
{
    private readonly TemporaryFolder root = new(inMemory: true);

    public void Dispose() => root.Dispose();

    [Fact]
    public void List_OfAbsentOrEmptyFolder_IsEmpty()
    {
        Assert.Empty(RunReader.List(root.File("runs")).Runs);
        Assert.Empty(RunReader.List(root.Path).Runs);
        Assert.Empty(RunReader.List(root.File("runs")).Problems);
    }

    [Fact]
    public void Status_FollowsLockAndDocument()
    {
        var folder = Started("abc");
        Assert.Equal(RunStatus.Running, RunReader.Read(folder.FullPath)!.Status);
        folder.Dispose();
        Assert.Equal(RunStatus.Interrupted, RunReader.Read(folder.FullPath)!.Status);

        using var finished = Started("abc");
        Finish(finished, RunStatus.Failed, "worker 3: out of range");
        var run = RunReader.Read(finished.FullPath)!;
        Assert.Equal(run.Folder, RunReader.Read(finished.FullPath + Path.DirectorySeparatorChar)!.Folder);
        Assert.Equal((RunStatus.Failed, "worker 3: out of range"), (run.Status, run.Document!.Message));
        Assert.Equal("worker 3: out of range", RunReader.Summarize(run, [])!.Message);
    }

    [Fact]
    public void List_PassesOverForeignFoldersAndReportsDamagedOnes()
    {
        Started("abc").Dispose();
        Directory.CreateDirectory(root.File("quick/notes-final"));
        Directory.CreateDirectory(root.File("quick/holiday-2"));
        Directory.CreateDirectory(root.File("other/.hidden"));
        File.WriteAllText(root.File("README.md"), "");
        Directory.CreateDirectory(root.File("quick/torn-1"));
        File.WriteAllText(root.File("quick/torn-1/run.json"), "{\"schemaVersion\":1,\"id\":\"to");
        Directory.CreateDirectory(root.File("quick/empty-1"));
        File.WriteAllText(root.File("quick/empty-1/run.json"), "");
        Directory.CreateDirectory(root.File("quick/folder-1/run.json"));

        var listing = RunReader.List(root.Path);
        Assert.Equal(["abc", "empty", "torn"], listing.Runs.Select(r => r.Id).Order());
        Assert.All(listing.Runs, r => Assert.Equal((RunStatus.Interrupted, "quick"), (r.Status, r.Name)));
        Assert.Equal(2, listing.Problems.Count);
        Assert.Contains(listing.Problems, p => p.Contains(root.File("quick/torn-1/run.json"), StringComparison.Ordinal));
        Assert.Null(RunReader.Summarize(listing.Runs.Single(r => r.Id == "torn"), []));
    }

    [Fact]
    public void List_WithANameThatIsNoUnicode_ReportsIt()
    {
        Started("abc").Dispose();
        Directory.CreateDirectory(root.File("quick/odd-1"));
        File.WriteAllText(root.File("quick/odd-1/run.json"), """{"\ud800\ud800\ud800":1}""");

        var listing = RunReader.List(root.Path);
        Assert.Equal(2, listing.Runs.Count);
        Assert.Contains(root.File("quick/odd-1/run.json"), Assert.Single(listing.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void List_IsOldestFirst()
    {
        string[] ids = ["c", "a", "b"];
        foreach (var id in ids)
        {
            Started(id).Dispose();
        }

        Assert.Equal(ids, RunReader.List(root.Path).Runs.Select(r => r.Id));
    }

    [Fact]
    public void Summarize_OfInterruptedRun_ReachesAsFarAsItsRows()
    {
        using var folder = Started("abc");
        using (var recorder = new Recorder(folder.FullPath, Samples.Layout))
        {
            for (var n = 0; n < 50; n++)
            {
                recorder.Push(Samples.Push(n));
            }

            recorder.Evaluation(Samples.Evaluation(10));
        }

        folder.Dispose();
        File.AppendAllText(Path.Combine(folder.FullPath, "updates.csv"), "101,50,1,7,21,32,appl");
        var problems = new List<string>();
        var summary = RunReader.Summarize(RunReader.Read(folder.FullPath)!, problems)!;

        Assert.Empty(problems);
        Assert.Equal((50L, 60.0, RunStatus.Interrupted), (summary.Updates, summary.TestAccuracy, summary.Status));
        Assert.Equal(50 * 1_000_003 / 1e9, summary.VirtualSeconds);
        Assert.NotNull(summary.Message);
    }

    [Fact]
    public void Summarize_OfARunThatWasResumed_LeavesThePauseOut()
    {
        var first = Started("abc");
        first.Dispose();
        var document = Path.Combine(first.FullPath, RunDocument.FileName);
        var earlier = RunDocument.Parse(File.ReadAllBytes(document));
        File.WriteAllText(document, (earlier with { Started = earlier.Started.AddDays(-3) }).ToJson());
        using var resumed = RunFolder.Reopen(RunReader.Read(first.FullPath)!);
        resumed.GoOn(Samples.Checkpoint(first.FullPath, 0) with { WallSeconds = 40 });

        Assert.InRange(RunReader.Summarize(RunReader.Read(first.FullPath)!, new RunStatistics())!.WallSeconds, 40, 40 + TimeSpan.FromHours(1).TotalSeconds);
    }

    [Fact]
    public void Summarize_WithoutRows_SaysWhichFilesAreMissing()
    {
        using var folder = Started("abc");
        var problems = new List<string>();
        var summary = RunReader.Summarize(RunReader.Read(folder.FullPath)!, problems)!;
        Assert.Equal((RunStatus.Running, 0L), (summary.Status, summary.Updates));
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void List_OfThousandsOfRuns_HasEach()
    {
        using var folder = Started("abc");
        Finish(folder, RunStatus.Completed, null);
        var json = File.ReadAllText(Path.Combine(folder.FullPath, "run.json"));
        for (var i = 2; i <= 2_000; i++)
        {
            var path = Directory.CreateDirectory(root.File($"quick/abc-{i}")).FullName;
            File.WriteAllText(Path.Combine(path, "run.json"), json.Replace("\"attempt\": 1", $"\"attempt\": {i}", StringComparison.Ordinal));
        }

        var listing = RunReader.List(root.Path);
        Assert.Equal(2_000, listing.Runs.Select(r => r.Attempt).Distinct().Count());
        Assert.Empty(listing.Problems);
    }

    private RunFolder Started(string id)
    {
        var folder = RunFolder.Create(root.Path, "quick", id);
        folder.Start("{}", Samples.Description);
        return folder;
    }

    private static void Finish(RunFolder folder, RunStatus status, string? message) =>
        folder.Finish(folder.Summarize(new RunOutcome { Status = status, Message = message, WallSeconds = 1 }, null));
}
