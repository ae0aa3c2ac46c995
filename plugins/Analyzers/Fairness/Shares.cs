using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>Who holds which data, and whose samples made the updates.</summary>
internal sealed class Shares
{
    private Shares(List<PartitionRecord> parts, List<RecordPlace> places, int workers) =>
        (Parts, Places, Applied, Rates, Pushes, First) = (parts, places, new double[workers], new double[workers], new long[workers], new RecordPlace[workers]);

    /// <summary>One for each worker, or one that all share.</summary>
    public IReadOnlyList<PartitionRecord> Parts { get; }

    public IReadOnlyList<RecordPlace> Places { get; }

    /// <summary>Samples of each worker's pushes that made updates, or were held for one.</summary>
    public double[] Applied { get; }

    /// <summary>The same, times the learning rate.</summary>
    public double[] Rates { get; }

    public long[] Pushes { get; }

    /// <summary>Each worker's first push.</summary>
    public RecordPlace[] First { get; }

    public bool IsShared => Parts.Count == 1;

    public double TotalSamples => Parts.Sum(part => (double)part.Samples);

    public static Shares? Read(IRunRecords run, CancellationToken stop)
    {
        var (parts, places) = (new List<PartitionRecord>(), new List<RecordPlace>());
        using (var partitions = run.OpenPartitions())
        {
            while (partitions.TryRead(out var part))
            {
                parts.Add(part);
                places.Add(partitions.Place);
            }
        }

        if (parts.Count != 1 && parts.Count != run.Facts.Workers)
        {
            return null;
        }

        var shares = new Shares(parts, places, run.Facts.Workers);
        foreach (var (push, place) in Records.Arrivals(run, stop))
        {
            if (push.Decision != PushDecision.Dropped)
            {
                shares.Applied[push.Worker] += push.Samples;
                shares.Rates[push.Worker] += push.Samples * push.LearningRate;
                shares.First[push.Worker] = shares.Pushes[push.Worker]++ == 0 ? place : shares.First[push.Worker];
            }
        }

        return shares.Applied.Sum() > 0 && shares.TotalSamples > 0 ? shares : null;
    }

    /// <summary>A worker's share of the data, where they do not share it.</summary>
    public double OfData(int worker) => Parts[worker].Samples / TotalSamples;

    /// <summary>A worker's share of the updates, by samples.</summary>
    public double OfUpdates(int worker) => Applied[worker] / Applied.Sum();

    /// <summary>
    /// How much more than its part a class weighs in what the updates have seen, by samples times
    /// learning rate; 0 where nobody holds it.
    /// </summary>
    public double WeightOf(int label)
    {
        var (seen, held) = (0.0, 0.0);
        for (var worker = 0; worker < Parts.Count; worker++)
        {
            var part = Parts[worker];
            seen += part.Samples > 0 ? OfRates(worker) * part.ClassCounts[label] / part.Samples : 0;
            held += part.ClassCounts[label] / TotalSamples;
        }

        return held > 0 ? seen / held : 0;
    }

    /// <summary>Whether any worker has samples of a class.</summary>
    public bool IsHeld(int label) => Parts.Any(part => part.ClassCounts[label] > 0);

    /// <summary>A worker's share of all learning rates times samples.</summary>
    public double OfRates(int worker) => Rates.Sum() > 0 ? Rates[worker] / Rates.Sum() : 0;
}
