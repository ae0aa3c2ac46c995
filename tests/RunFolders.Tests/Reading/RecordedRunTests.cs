using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders.Tests;

/// <summary>A run as an analyzer reads it.</summary>
public sealed class RecordedRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ARun_ShowsWhatItIs_AndEveryRecordInOrder()
    {
        var run = Open(Write(pushes: 500));

        Assert.Equal(("sample", "ab12", 1, RunStatus.Completed), (run.Facts.Name, run.Facts.Id, run.Facts.Attempt, run.Facts.Status));
        Assert.Equal((ClockKind.Virtual, 7, 10, "managed/avx2"), (run.Facts.Clock, run.Facts.Workers, run.Facts.Classes, run.Facts.KernelPath));
        Assert.Equal("{ \"name\": \"sample\" }", run.Facts.Pipeline);
        Assert.NotNull(run.Facts.Digest);
        Assert.Equal(12, run.Facts.WallSeconds);
        Assert.Equal(Enumerable.Range(0, 500).Select(n => Samples.Push(n)), Read(run.OpenPushes()));
        Assert.Equal(Enumerable.Range(0, 50).Select(n => Samples.Evaluation(n)), Read(run.OpenEvaluations()));
        Assert.Equal(["host-joined"], Read(run.OpenEvents()).Select(record => record.Kind));
    }

    [Fact]
    public void Partitions_AreReadAsTheyWereWritten()
    {
        using var made = RunFolder.Create(folder.Path, "sample", "cd34");
        made.Start("{ \"seed\": 5 }", Samples.Description);
        made.WritePartitions(PartitionSkew.Of([new int[] { 0, 1, 2 }, new int[] { 3 }], [0, 0, 1, 1], 2, 4));
        var run = Open(made.FullPath);

        var parts = Read(run.OpenPartitions());
        Assert.Equal([(0, 3L), (1, 1L)], parts.Select(part => (part.Partition, part.Samples)));
        Assert.Equal([[2L, 1L], [0L, 1L]], parts.Select(part => part.ClassCounts));
        Assert.Equal("5", run.Facts.Settings["seed"]);
        Assert.Equal("sample/cd34-1", run.Facts.Title);
    }

    [Fact]
    public void APlace_IsTheLineThatShowsTheRecord()
    {
        var path = Write(pushes: 30);
        using var pushes = Open(path).OpenPushes();
        Assert.Equal(new RecordPlace("updates.csv", 0), pushes.Place);
        for (var n = 0; n < 20; n++)
        {
            Assert.True(pushes.TryRead(out _));
        }

        Assert.Equal("updates.csv:21", pushes.Place.ToString());
        Assert.StartsWith($"{Samples.Push(19).Event},", File.ReadLines(Path.Combine(path, "updates.csv")).ElementAt(20));
    }

    [Fact]
    public void ADamagedRow_EndsTheReading_AndWhatWasReadHolds()
    {
        var path = Write(pushes: 30);
        var rows = File.ReadAllLines(Path.Combine(path, "updates.csv"));
        rows[11] = "eaten," + rows[11];
        File.WriteAllLines(Path.Combine(path, "updates.csv"), rows);
        using var pushes = Open(path).OpenPushes();
        var read = 0;
        while (pushes.TryRead(out _))
        {
            read++;
        }

        Assert.Equal(10, read);
        Assert.Contains("updates.csv:12: no row of this file", pushes.Problem);
    }

    [Fact]
    public void ARunUnderWay_IsReadAsFarAsItHasCome()
    {
        using var made = RunFolder.Create(folder.Path, "sample", "ab12");
        made.Start("{}", Samples.Description);
        using var recorder = new Recorder(made.FullPath, Samples.Layout);
        recorder.Push(Samples.Push(0));
        recorder.Flush();
        var run = Open(made.FullPath);

        Assert.Equal(RunStatus.Running, run.Facts.Status);
        Assert.Null(run.Facts.WallSeconds);
        Assert.Single(Read(run.OpenPushes()));
    }

    [Fact]
    public void Reading_NeedsNoMemoryForWhatItPasses()
    {
        var run = Open(Write(pushes: 200_000));
        Sum(run);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = Sum(run);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Enumerable.Range(0, 200_000).Sum(n => Samples.Push(n).Staleness), sum);
        Assert.True(allocated < 1 << 20, $"{allocated} bytes for 200,000 rows");
    }

    public void Dispose() => folder.Dispose();

    private static long Sum(IRunRecords run)
    {
        using var pushes = run.OpenPushes();
        var sum = 0L;
        while (pushes.TryRead(out var push))
        {
            sum += push.Staleness;
        }

        return sum;
    }

    private static IRunRecords Open(string path) => RecordedRun.Open(RunReader.Read(path)!)!;

    private static List<TRecord> Read<TRecord>(IRecordReader<TRecord> reader)
    {
        using (reader)
        {
            var all = new List<TRecord>();
            while (reader.TryRead(out var record))
            {
                all.Add(record);
            }

            Assert.Null(reader.Problem);
            return all;
        }
    }

    private string Write(int pushes)
    {
        using var made = RunFolder.Create(folder.Path, "sample", "ab12");
        made.Start("{ \"name\": \"sample\" }", Samples.Description);
        using var recorder = new Recorder(made.FullPath, Samples.Layout);
        recorder.Event(new RunEvent(0, "host-joined", -1, 1, "host 1"));
        for (var n = 0; n < pushes; n++)
        {
            recorder.Push(Samples.Push(n));
        }

        for (var n = 0; n < 50; n++)
        {
            recorder.Evaluation(Samples.Evaluation(n));
        }

        recorder.Finish(new float[20]);
        made.Finish(made.Summarize(new RunOutcome { Status = RunStatus.Completed, WallSeconds = 12 }, recorder));
        return made.FullPath;
    }
}
