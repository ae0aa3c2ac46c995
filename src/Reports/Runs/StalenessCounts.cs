using System.Numerics;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Reports;

/// <summary>
/// How often each staleness came, over all workers and by group of workers, with the mean gap. A
/// bar stands for one value, and for twice as many whenever the bars would be too many.
/// </summary>
/// <param name="groups">Groups of workers.</param>
internal sealed class StalenessCounts(int groups)
{
    private const int MostBars = 128;

    private long[] counts = new long[MostBars];
    private double[] gaps = new double[MostBars];
    private long[][] byGroup = [.. Enumerable.Range(0, groups).Select(_ => new long[MostBars])];

    /// <summary>Values in a bar.</summary>
    public long Width { get; private set; } = 1;

    /// <param name="push">One that arrived.</param>
    /// <param name="group">Of its worker.</param>
    public void Add(in PushRecord push, int group)
    {
        while (push.Staleness / Width >= MostBars)
        {
            Width *= 2;
            counts = Halved(counts);
            gaps = Halved(gaps);
            byGroup = [.. byGroup.Select(Halved)];
        }

        var bar = push.Staleness / Width;
        counts[bar]++;
        gaps[bar] += push.GapRms;
        byGroup[group][bar]++;
    }

    /// <summary>
    /// The bars' names and counts, up to the last that has any, and the values in each.
    /// </summary>
    public (IReadOnlyList<string> Names, IReadOnlyList<long> Counts, long Width) ToBars()
    {
        var bars = 1 + Array.FindLastIndex(counts, count => count > 0);
        return (
            [.. Enumerable.Range(0, bars).Select(i => Width == 1 ? FormattableString.Invariant($"{i}") : FormattableString.Invariant($"{i * Width}-{((i + 1) * Width) - 1}"))],
            counts[..bars],
            Width);
    }

    public void Write(Utf8JsonWriter json, string name) => json.Object(name, () =>
    {
        var bars = 1 + Array.FindLastIndex(counts, count => count > 0);
        json.WriteNumber("width", Width);
        json.Integers("counts", counts.Take(bars));
        json.Numbers("gap", counts.Zip(gaps, (count, sum) => count == 0 ? double.NaN : sum / count).Take(bars));
        json.WriteStartArray("byGroup");
        foreach (var group in byGroup)
        {
            json.WriteStartArray();
            foreach (var count in group.Take(bars))
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    private static T[] Halved<T>(T[] values)
        where T : INumber<T> => [.. Enumerable.Range(0, MostBars).Select(i => i < MostBars / 2 ? values[2 * i] + values[(2 * i) + 1] : T.Zero)];
}
