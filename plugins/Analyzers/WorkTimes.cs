using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers;

/// <summary>
/// Who worked and who waited for whom, while a run's pushes pass by. The time of a computation that
/// was cancelled counts for its worker's next push.
/// </summary>
/// <param name="workers">Workers.</param>
internal sealed class WorkTimes(int workers)
{
    private const int Beginning = 10;

    // Arrivals that may have released a pull: more than are ever between a pull and its arrival.
    private readonly (long Event, int Worker)[] recent = new (long, int)[Math.Max(1024, 64 * workers)];
    private readonly long[] lastArrival = new long[workers];

    // Of a push or of a computation that was cancelled.
    private readonly long?[] lastEnd = new long?[workers];

    // Since the last arrival, ns.
    private readonly (double Computed, double Waited)[] sinceArrival = new (double, double)[workers];
    private readonly BucketedSeries series = new();

    // Each worker's pace at its beginning: what a slow worker takes is no step.
    private readonly Moments[] beginnings = new Moments[workers];
    private readonly RandomStream random = new RandomStreams(1).Open("throughput-control");
    private long longest;
    private double waited;

    /// <summary>From pull to arrival or cancellation, by push that arrived, ns.</summary>
    public Moments[] Durations { get; } = new Moments[workers];

    /// <summary>From there to the same worker's next pull, by push that arrived, ns.</summary>
    public Moments[] Waits { get; } = new Moments[workers];

    /// <summary>Time that others waited for a worker, ns.</summary>
    public double[] WaitedFor { get; } = new double[workers];

    /// <summary>The same waits, each for a worker at random.</summary>
    public double[] WaitedForAtRandom { get; } = new double[workers];

    public long Pushes { get; private set; }

    /// <summary>From the run's start to the last arrival, ns.</summary>
    public long Span { get; private set; }

    public RecordPlace Last { get; private set; }

    /// <summary>The push behind the longest wait.</summary>
    public RecordPlace LongestWait { get; private set; }

    /// <summary>Of the time of all workers that were there.</summary>
    public double WaitingShare => Span > 0 ? Math.Min(1, waited / ((double)Span * lastEnd.Count(end => end is not null))) : 0;

    public void Add(in PushRecord push, RecordPlace place)
    {
        ref var since = ref sinceArrival[push.Worker];
        since.Computed += push.ArrivedAt - push.PulledAt;
        since.Waited += Wait(in push, place);
        lastEnd[push.Worker] = push.ArrivedAt;
        if (push.Decision == PushDecision.Cancelled)
        {
            return;
        }

        Durations[push.Worker].Add(since.Computed);
        if (Durations[push.Worker].Count > 1)
        {
            Waits[push.Worker].Add(since.Waited);
            Pace(push.Worker, Math.Log(Math.Max(1, push.ArrivedAt - lastArrival[push.Worker])), place);
        }

        since = default;
        recent[Pushes % recent.Length] = (push.Event, push.Worker);
        lastArrival[push.Worker] = push.ArrivedAt;
        (Span, Last) = (push.ArrivedAt, place);
        Pushes++;
    }

    /// <summary>
    /// Logarithm of the time between two arrivals of a worker, over what it is at its beginning.
    /// </summary>
    public double[] Series() => series.Means();

    public RecordPlace PlaceOf(int bucket) => series.PlaceOf(bucket);

    // Before the pull of a computation; 0 before a worker's first.
    private long Wait(in PushRecord push, RecordPlace place)
    {
        if (lastEnd[push.Worker] is not { } end)
        {
            return 0;
        }

        var wait = Math.Max(0, push.PulledAt - end);
        waited += wait;
        if (wait > 0 && Releaser(push.PullEvent) is { } releaser)
        {
            WaitedFor[releaser] += wait;
            WaitedForAtRandom[random.Next(workers)] += wait;
        }

        if (wait > longest || LongestWait.Line == 0)
        {
            (longest, LongestWait) = (wait, place);
        }

        return wait;
    }

    private void Pace(int worker, double time, RecordPlace place)
    {
        if (beginnings[worker].Count < Beginning)
        {
            beginnings[worker].Add(time);
        }
        else
        {
            series.Add(time - beginnings[worker].Mean, place);
        }
    }

    // The last arrival before the pull; null where it is too long ago.
    private int? Releaser(long pull)
    {
        var (low, high) = (Math.Max(0, Pushes - recent.Length), Pushes);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (recent[middle % recent.Length].Event < pull)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > Math.Max(0, Pushes - recent.Length) ? recent[(low - 1) % recent.Length].Worker : null;
    }
}
