using Orchestrator.Engine;

namespace Orchestrator.Observation;

/// <summary>Updates per second over the last few seconds, whenever it is asked for.</summary>
internal sealed class Throughput(RunProgress progress)
{
    private const long Window = 5_000_000_000;
    private const long Step = 100_000_000;

    private readonly Queue<(long At, long Updates)> marks = new([(WallTime.Now, 0)]);
    private readonly Lock gate = new();
    private long last;

    public double PerSecond
    {
        get
        {
            lock (gate)
            {
                var (now, updates) = (WallTime.Now, progress.Updates - progress.ContinuedFrom);
                while (marks.Count > 1 && now - marks.Peek().At > Window)
                {
                    marks.Dequeue();
                }

                var oldest = marks.Peek();
                if (now - last >= Step)
                {
                    last = now;
                    marks.Enqueue((now, updates));
                }

                return (updates - oldest.Updates) * 1e9 / Math.Max(1, now - oldest.At);
            }
        }
    }
}
