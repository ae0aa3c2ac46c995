namespace Orchestrator.Reports;

/// <summary>How fast a count grows, over the last few seconds.</summary>
/// <param name="time">Measures them.</param>
internal sealed class Rate(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Queue<(long At, long Count)> seen = new();
    private (long At, long Count) last;

    /// <summary>Null while too little was seen.</summary>
    public double? PerSecond => seen.TryPeek(out var first) && time.GetElapsedTime(first.At, last.At) is var over && over >= Shortest
        ? (last.Count - first.Count) / over.TotalSeconds
        : null;

    public void Add(long count)
    {
        last = (time.GetTimestamp(), count);
        seen.Enqueue(last);
        while (seen.Count > 2 && time.GetElapsedTime(seen.Peek().At, last.At) > Span)
        {
            seen.Dequeue();
        }
    }
}
