using System.Diagnostics;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RecorderCostTests
{
    [Fact(Explicit = true)]
    [Trait("Slow", "true")]
    public void Push_CostsAtMostThreeMicrosecondsOfProcessor()
    {
        const int Count = 500_000;
        using var folder = new TemporaryFolder();
        var best = Enumerable.Range(0, 5).Min(round => Measure(Directory.CreateDirectory(folder.File($"{round}")).FullName, Count));
        Assert.InRange(best, 0, 3);
    }

    private static double Measure(string folder, int count)
    {
        PushSource source = new();
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        using (var recorder = new Recorder(folder, Samples.Layout))
        {
            for (var n = 0; n < count; n++)
            {
                recorder.Push(source.Next());
            }
        }

        var cost = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count;
        TestContext.Current.TestOutputHelper!.WriteLine($"{cost:F2} us of processor and {watch.Elapsed.TotalMicroseconds / count:F2} us of time per push");
        return cost;
    }

    // Values as a run has them, most digits in use, at next to no cost.
    private sealed class PushSource
    {
        private long n = 1_000_000;

        public PushRecord Next() => Samples.Push(n++);
    }
}
