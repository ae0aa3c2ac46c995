using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Where a run is, for whoever watches: written by the server's thread, read by any. Each value is
/// whole; together they are approximate.
/// </summary>
public sealed class RunProgress
{
    private const long TrafficAge = 250_000_000;

    private long updates;
    private long pushes;
    private long now;
    private long staleness;
    private int workers;
    private int hosts;
    private double epoch;
    private long nextTraffic;
    private IReadOnlyList<HostTraffic> traffic = [];
    private double loss = double.NaN;
    private double testAccuracy = double.NaN;
    private double testLoss = double.NaN;
    private double validationAccuracy = double.NaN;

    public long Updates => Volatile.Read(ref updates);

    /// <summary>Arrivals, whatever became of them.</summary>
    public long Pushes => Volatile.Read(ref pushes);

    /// <summary>
    /// When the first push arrived, ns of the process's monotonic clock; null before.
    /// </summary>
    public long? FirstArrival { get; private set; }

    /// <summary>Clock time, ns.</summary>
    public long Now => Volatile.Read(ref now);

    /// <summary>Sum of the staleness of all arrivals.</summary>
    public long StalenessSum => Volatile.Read(ref staleness);

    /// <summary>Workers that have not left.</summary>
    public int Workers => Volatile.Read(ref workers);

    /// <summary>
    /// Worker hosts that are there, the run's own process included where it computes.
    /// </summary>
    public int Hosts => Volatile.Read(ref hosts);

    /// <summary>
    /// What each worker host carried, as of a quarter of a second ago; empty where nobody observes
    /// the run.
    /// </summary>
    public IReadOnlyList<HostTraffic> Traffic => Volatile.Read(ref traffic);

    public double Epoch => Volatile.Read(ref epoch);

    /// <summary>Training loss, smoothed over about 100 pushes; NaN before the first.</summary>
    public double Loss => Volatile.Read(ref loss);

    /// <summary>Percent, of the last evaluation; NaN before it.</summary>
    public double TestAccuracy => Volatile.Read(ref testAccuracy);

    /// <summary>Of the last evaluation; NaN before it.</summary>
    public double TestLoss => Volatile.Read(ref testLoss);

    /// <summary>
    /// Percent, of the last evaluation; NaN before it, and where nothing is kept for validation.
    /// </summary>
    public double ValidationAccuracy => Volatile.Read(ref validationAccuracy);

    internal void Arrived(long version, long at, long stale, double epochNow, double lossNow)
    {
        FirstArrival ??= WallTime.Now;
        Volatile.Write(ref updates, version);
        Volatile.Write(ref pushes, pushes + 1);
        Volatile.Write(ref now, at);
        Volatile.Write(ref staleness, staleness + stale);
        Volatile.Write(ref epoch, epochNow);
        Volatile.Write(ref loss, double.IsNaN(loss) ? lossNow : loss + (0.01 * (lossNow - loss)));
    }

    // An update that no arrival made.
    internal void Updated(long version, double epochNow)
    {
        Volatile.Write(ref updates, version);
        Volatile.Write(ref epoch, epochNow);
    }

    /// <summary>
    /// Updates that an earlier process made, before the checkpoint that this one goes on from.
    /// </summary>
    public long ContinuedFrom { get; private set; }

    internal void Continued(long version, double epochThen)
    {
        ContinuedFrom = version;
        Updated(version, epochThen);
    }

    internal void Carried(IServerEnd link, long realTime)
    {
        if (realTime >= nextTraffic)
        {
            nextTraffic = realTime + Math.Min(TrafficAge, long.MaxValue - realTime);
            Volatile.Write(ref traffic, link.Traffic);
        }
    }

    /// <summary>
    /// The run has ended: nobody works any more. Called when all else that it told was told.
    /// </summary>
    public void Over() => Volatile.Write(ref workers, 0);

    internal void WorkersChanged(int by) => Volatile.Write(ref workers, workers + by);

    internal void HostsChanged(int by) => Volatile.Write(ref hosts, hosts + by);

    internal void Evaluated(in EvaluationRecord record)
    {
        Volatile.Write(ref testAccuracy, record.TestAccuracy);
        Volatile.Write(ref testLoss, record.TestLoss);
        Volatile.Write(ref validationAccuracy, record.Validation?.Accuracy ?? double.NaN);
    }
}
