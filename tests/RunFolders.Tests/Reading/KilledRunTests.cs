using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class KilledRunTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(300_001)]
    [InlineData(1_234_567)]
    [InlineData(3_000_000)]
    public void Folder_OfRunKilledAfterSomeBytes_ReadsAsInterruptedWithWholeRows(long bytes)
    {
        using var child = Child.Start("write", root.Path);
        var folder = child.StandardOutput.ReadLine()!;
        var updates = Path.Combine(folder, "updates.csv");
        Assert.True(SpinWait.SpinUntil(() => new FileInfo(updates).Length >= bytes, Patience));
        Assert.Equal(RunStatus.Running, RunReader.Read(folder)!.Status);
        child.Kill();
        child.WaitForExit();

        var run = Assert.Single(RunReader.List(root.Path).Runs);
        Assert.Equal((RunStatus.Interrupted, folder, "killed", null), (run.Status, run.Folder, run.Name, run.Problem));
        var rows = CheckRows(folder);
        Assert.True(new FileInfo(updates).Length >= bytes);

        var problems = new List<string>();
        var summary = RunReader.Summarize(run, problems)!;
        Assert.Empty(problems);
        Assert.Equal(RunStatus.Interrupted, summary.Status);
        Assert.Equal(rows, summary.Pushes.Applied + summary.Pushes.Dropped);
        Assert.Null(summary.Digest);
    }

    [Fact]
    public void Folder_OfRunKilledWhileItStarts_IsAbsentOrInterrupted()
    {
        for (var i = 0; i < 8; i++)
        {
            using var child = Child.Start("write", root.Path);
            var parent = root.File("killed");
            Assert.True(SpinWait.SpinUntil(() => Directory.Exists(parent) && Directory.GetDirectories(parent).Length > i, Patience));
            Thread.SpinWait(20_000 * i);
            child.Kill();
            child.WaitForExit();
        }

        var listing = RunReader.List(root.Path);
        Assert.Empty(listing.Problems);
        Assert.All(listing.Runs, run => Assert.Equal(RunStatus.Interrupted, run.Status));
        Assert.All(listing.Runs, run => RunReader.Summarize(run, []));
    }

    [Fact]
    public void Attempts_OfConcurrentProcesses_AreNeverShared()
    {
        const int Each = 30;
        Process[] children = [.. Enumerable.Range(0, 3).Select(_ => Child.Start("create", root.Path, $"{Each}"))];
        string[] attempts = [.. children.SelectMany(c => c.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        Assert.All(children, c => c.WaitForExit());
        Assert.Equal(Enumerable.Range(1, 3 * Each), attempts.Select(int.Parse).Order());
        Assert.All(children, c => c.Dispose());
    }

    private static long CheckRows(string folder)
    {
        using var reader = RunRows.Updates(folder);
        long n = 0;
        while (reader.TryRead(out var record))
        {
            Assert.Equal(Samples.Push(n++), record);
        }

        Assert.Null(reader.Problem);
        Assert.InRange(new FileInfo(Path.Combine(folder, "updates.csv")).Length - reader.Length, 0, 300);
        return n;
    }
}
