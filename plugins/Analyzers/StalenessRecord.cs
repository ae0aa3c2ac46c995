using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers;

/// <summary>What is kept of a run's staleness while its pushes pass by.</summary>
/// <param name="workers">Workers.</param>
/// <param name="random">Deals pushes to workers for the control.</param>
internal sealed class StalenessRecord(int workers, RandomStream random)
{
    // Larger values are counted as this one in quantiles; means and the largest are exact.
    private const int MostCounted = 1 << 16;

    private double products;
    private double before;

    public Moments All;

    /// <summary>Without the pushes before every worker can have pushed once.</summary>
    public Moments Later;

    /// <summary>
    /// Pushes dealt at random: where workers take turns, every other one would be a worker's.
    /// </summary>
    public Moments[] Halves { get; } = new Moments[2];

    public Moments[] Workers { get; } = new Moments[workers];

    /// <summary>The same pushes, each dealt to a worker at random.</summary>
    public Moments[] Dealt { get; } = new Moments[workers];

    public RecordPlace[] FirstOf { get; } = new RecordPlace[workers];

    /// <summary>Of log(1 + staleness).</summary>
    public BucketedSeries Series { get; } = new();

    /// <summary>Pushes by their staleness.</summary>
    public long[] Counts { get; private set; } = new long[64];

    public long Largest { get; private set; } = -1;

    public RecordPlace LargestPlace { get; private set; }

    /// <summary>Of neighbouring pushes.</summary>
    public double Autocorrelation => All.Variance > 0 ? ((products / (All.Count - 1)) - (All.Mean * All.Mean)) / All.Variance : 0;

    public void Add(in PushRecord push, RecordPlace place)
    {
        var staleness = Math.Max(0, push.Staleness);
        products += All.Count == 0 ? 0 : staleness * before;
        before = staleness;
        Halves[random.Next(2)].Add(staleness);
        All.Add(staleness);
        if (All.Count > 2 * workers)
        {
            Later.Add(staleness);
            Series.Add(Math.Log(1 + staleness), place);
        }

        FirstOf[push.Worker] = Workers[push.Worker].Count == 0 ? place : FirstOf[push.Worker];
        Workers[push.Worker].Add(staleness);
        Dealt[random.Next(workers)].Add(staleness);
        Count(staleness);
        if (staleness > Largest)
        {
            (Largest, LargestPlace) = (staleness, place);
        }
    }

    /// <summary>
    /// The smallest staleness that at least this share of the pushes do not exceed.
    /// </summary>
    public long Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * All.Count));
        for (var value = 0; value < Counts.Length; value++)
        {
            if ((rank -= Counts[value]) <= 0)
            {
                return value == MostCounted ? Largest : value;
            }
        }

        return Largest;
    }

    /// <summary>Geometric means of tenths of the run, less one, as the series has them.</summary>
    public IEnumerable<double> Evolution()
    {
        var means = Series.Means();
        return means.Length < 10 ? [] : Enumerable.Range(0, 10).Select(n => Math.Exp(means[(n * means.Length / 10)..((n + 1) * means.Length / 10)].Average()) - 1);
    }

    private void Count(long staleness)
    {
        var value = (int)Math.Min(staleness, MostCounted);
        if (value >= Counts.Length)
        {
            var longer = Counts;
            Array.Resize(ref longer, Math.Min(MostCounted + 1, Math.Max(value + 1, 2 * longer.Length)));
            Counts = longer;
        }

        Counts[value]++;
    }
}
