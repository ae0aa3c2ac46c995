using System.Text.Json;

namespace Orchestrator.Reports;

/// <summary>
/// Curves over a run. Of each column a bin keeps mean, smallest and largest value, so that no
/// extreme is lost. What is not finite is no value, is in no mean, and is counted.
/// </summary>
/// <param name="most">The largest number of bins, even.</param>
/// <param name="columns">Names of the columns.</param>
internal sealed class Bins(int most, IReadOnlyList<string> columns)
{
    private readonly Stretches<Bin> bins = new(most, () => new Bin(columns.Count), (earlier, later) => earlier.Join(later));
    private readonly long[] missing = new long[columns.Count];

    /// <param name="at">Where the row stands on each axis.</param>
    /// <param name="values">One per column.</param>
    public void Add(Place at, ReadOnlySpan<double> values)
    {
        bins.Next().Add(at, values);
        for (var column = 0; column < values.Length; column++)
        {
            missing[column] += double.IsFinite(values[column]) ? 0 : 1;
        }
    }

    /// <summary>Writes the bins as columns.</summary>
    /// <param name="json">Where.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="samplesPerEpoch">What makes an epoch of samples.</param>
    /// <param name="shown">How many of the columns; null for all.</param>
    public void Write(Utf8JsonWriter json, string name, double samplesPerEpoch, int? shown = null) => json.Object(name, () =>
    {
        json.WriteNumber("count", bins.Count);
        json.WriteNumber("perBin", bins.Rows);
        json.Numbers("seconds", bins.All.Select(bin => (bin.First.At + ((bin.Last.At - bin.First.At) / 2.0)) / 1e9));
        json.Numbers("updates", bins.All.Select(bin => (bin.First.Version + bin.Last.Version) / 2.0));
        json.Numbers("epochs", bins.All.Select(bin => (bin.First.Samples + bin.Last.Samples) / 2 / samplesPerEpoch));
        foreach (var (column, of) in columns.Take(shown ?? columns.Count).Index())
        {
            json.Object(of, () =>
            {
                json.WriteNumber("missing", missing[column]);
                json.Numbers("mean", bins.All.Select(bin => bin.Cells[column].Mean));
                if (bins.Rows > 1)
                {
                    json.Numbers("min", bins.All.Select(bin => bin.Cells[column].Smallest));
                    json.Numbers("max", bins.All.Select(bin => bin.Cells[column].Largest));
                }
            });
        }
    });

    /// <summary>A column by epoch, for a figure.</summary>
    public IReadOnlyList<PlotPoint> ToPoints(string column, double samplesPerEpoch)
    {
        var of = columns.Index().First(name => name.Item == column).Index;
        return [.. bins.All.Select(bin => new PlotPoint((bin.First.Samples + bin.Last.Samples) / 2 / samplesPerEpoch, bin.Cells[of].Mean, bin.Cells[of].Smallest, bin.Cells[of].Largest))];
    }

    /// <summary>Where a row stands.</summary>
    /// <param name="At">Clock time; ns from the run's start.</param>
    /// <param name="Version">Updates so far.</param>
    /// <param name="Samples">Samples applied so far.</param>
    public readonly record struct Place(long At, long Version, double Samples);

    private sealed class Bin(int columns)
    {
        private Place? first;

        public Cell[] Cells { get; } = [.. Enumerable.Range(0, columns).Select(_ => new Cell())];

        public Place First => first ?? Last;

        public Place Last { get; private set; }

        public void Add(Place at, ReadOnlySpan<double> values)
        {
            first ??= at;
            Last = at;
            for (var i = 0; i < values.Length; i++)
            {
                Cells[i].Add(values[i]);
            }
        }

        public void Join(Bin next)
        {
            Last = next.Last;
            for (var i = 0; i < Cells.Length; i++)
            {
                Cells[i].Join(next.Cells[i]);
            }
        }
    }

    private sealed class Cell
    {
        private long count;
        private double sum;

        public double Smallest { get; private set; } = double.NaN;

        public double Largest { get; private set; } = double.NaN;

        public double Mean => count == 0 ? double.NaN : sum / count;

        public void Add(double value)
        {
            if (double.IsFinite(value))
            {
                Smallest = count == 0 ? value : Math.Min(Smallest, value);
                Largest = count == 0 ? value : Math.Max(Largest, value);
                sum += value;
                count++;
            }
        }

        public void Join(Cell other)
        {
            if (other.count > 0)
            {
                Smallest = count == 0 ? other.Smallest : Math.Min(Smallest, other.Smallest);
                Largest = count == 0 ? other.Largest : Math.Max(Largest, other.Largest);
                sum += other.sum;
                count += other.count;
            }
        }
    }
}
