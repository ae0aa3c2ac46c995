using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RecorderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Finish_LeavesOneRowPerRecord()
    {
        using var recorder = new Recorder(folder.Path, Samples.Layout);
        recorder.Push(Samples.Push(1));
        recorder.Push(Samples.Push(10) with { UpdateNorm = double.NaN, Loss = double.PositiveInfinity });
        recorder.Evaluation(Samples.Evaluation(1));
        recorder.Event(new RunEvent(5, "overrun", 3, -1, "said \"stop\",\nand went"));
        recorder.Finish(new float[20]);

        Assert.Equal(
            """
            event,pullEvent,worker,gradient,batch,samples,decision,versionPulled,version,staleness,pulledAtNs,arrivedAtNs,gapRms,gradientNorm,updateNorm,loss,learningRate,payloadBytes,computeTimeNs,host
            3,1,1,0,0,32,applied,0,1,1,1000003,2000006,0.25,1.7320508075688772,0.17320508075688773,1.151292546497023,0.005,177704,2345679,1
            21,10,3,1,3,32,dropped,10,10,0,10000030,11000033,0.07692307692307693,3.4641016151377544,NaN,Infinity,0.005,177704,2345688,0

            """,
            File.ReadAllText(folder.File("updates.csv")));
        Assert.Equal(
            """
            event,version,epoch,atNs,testLoss,testAccuracy,largestPredictedShare,parameterNorm,durationNs
            10,5,0.3333333333333333,5000015,0.5,51,0.1,3.5,123457

            """,
            File.ReadAllText(folder.File("evaluations.csv")));
        Assert.Equal("atNs,kind,worker,host,message\n5,overrun,3,-1,\"said \"\"stop\"\", and went\"\n", File.ReadAllText(folder.File("events.csv")));
    }

    [Fact]
    public void Finish_GivesTheDigestOfTheSameRecords()
    {
        using var recorder = new Recorder(folder.Path, Samples.Layout);
        var digest = new RunDigest();
        for (var n = 0; n < 1000; n++)
        {
            recorder.Push(Samples.Push(n));
            digest.Add(Samples.Push(n));
        }

        recorder.Evaluation(Samples.Evaluation(1));
        digest.Add(Samples.Evaluation(1));
        Assert.Equal(digest.Finish(new float[20]), recorder.Finish(new float[20]));
    }

    [Fact]
    public void Push_AllocatesNothing()
    {
        using var recorder = new Recorder(folder.Path, Samples.Layout);
        var record = Samples.Push(1);

        // The thread's first wait for a full ring allocates what later waits use.
        var fewest = Enumerable.Range(0, 4).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 50_000; n++)
            {
                recorder.Push(in record);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, fewest);
    }

    [Fact]
    public void Push_FasterThanTheWriter_LosesNothing()
    {
        const int Count = 100_000;
        using var recorder = new Recorder(folder.Path, Samples.Layout);
        for (var n = 0; n < Count; n++)
        {
            recorder.Push(Samples.Push(n));
        }

        recorder.Finish(new float[20]);
        Assert.Equal(Count + 1, File.ReadLines(folder.File("updates.csv")).Count());
        Assert.Equal(Count - (Count / 11), recorder.Statistics.Count(PushDecision.Applied));
    }

    [Fact]
    public void Push_ReachesTheFile_WithoutAnybodyAskingForIt()
    {
        using var recorder = new Recorder(folder.Path, Samples.Layout);
        recorder.Flush();
        var before = new FileInfo(folder.File("updates.csv")).Length;

        recorder.Push(Samples.Push(0));
        Assert.True(SpinWait.SpinUntil(() => new FileInfo(folder.File("updates.csv")).Length > before, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Flush_TellsHowFarFilesAndDigestAre()
    {
        using var recorder = new Recorder(folder.Path, Samples.Layout);
        var digest = new RunDigest();
        for (var n = 0; n < 100; n++)
        {
            recorder.Push(Samples.Push(n));
            digest.Add(Samples.Push(n));
        }

        recorder.Evaluation(Samples.Evaluation(1));
        digest.Add(Samples.Evaluation(1));
        recorder.Event(new RunEvent(1, "overrun", 0, 0, "late"));
        var position = recorder.Flush();
        Assert.Equal(new FileInfo(folder.File("updates.csv")).Length, position.Updates.Length);
        Assert.Equal(new FileInfo(folder.File("evaluations.csv")).Length, position.Evaluations.Length);
        Assert.Equal(new FileInfo(folder.File("events.csv")).Length, position.Events.Length);
        Assert.Equal(digest.Finish([1f]), RunDigest.Import(position.Digest).Finish([1f]));
    }

    [Fact]
    public void Event_FromManyThreads_IsRecordedEveryTime()
    {
        using (var recorder = new Recorder(folder.Path, Samples.Layout))
        {
            Parallel.For(0, 20_000, n => recorder.Event(new RunEvent(n, "overrun", 0, 0, "late")));
        }

        using var events = RunRows.Events(folder.Path);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(n => (long)n), events.ReadAll().Select(e => e.At).Order());
    }

    [Fact]
    public void Push_AfterDispose_IsRefused()
    {
        var recorder = new Recorder(folder.Path, Samples.Layout);
        recorder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => recorder.Push(Samples.Push(1)));
        Assert.Throws<ObjectDisposedException>(() => recorder.Evaluation(Samples.Evaluation(1)));
    }
}
