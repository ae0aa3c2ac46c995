using System.Globalization;
using Orchestrator.Composition;
using Orchestrator.Numerics;

namespace Orchestrator.Sweeps;

/// <summary>
/// The combinations of axis values that a sweep is about: all of them, or some that are drawn.
/// </summary>
internal static class Combinations
{
    /// <summary>More cells than this are not resolved.</summary>
    public const int Most = 1_000_000;

    // Drawn numbers are given with so many digits: enough to search, few enough to read and to
    // type.
    private const string Digits = "G4";

    /// <param name="axes">The axes.</param>
    /// <param name="filter">Which of them are kept.</param>
    /// <param name="samples">How many are drawn, before some of them are kept: those are the same
    /// whichever others are. Null takes all.</param>
    /// <param name="seed">What they are drawn with.</param>
    public static IEnumerable<AxisValue[]> Of(IReadOnlyList<Axis> axes, CellFilter filter, int? samples, long seed)
    {
        if (axes.Any(axis => axis.Range is not null))
        {
            return Drawn(axes, filter, samples ?? 0, seed).Where(filter.Keeps);
        }

        var all = Grid(axes).Where(combination => !filter.Excludes(combination));
        return (samples is { } count ? Some([.. all], count, seed) : all).Where(filter.Keeps);
    }

    /// <summary>How many combinations there are, those that are not kept among them.</summary>
    public static double Count(IReadOnlyList<Axis> axes) => axes.Aggregate(1.0, (product, axis) => product * Math.Max(1, axis.Values.Count));

    // The last axis changes fastest, as in nested loops written in the axes' order.
    private static IEnumerable<AxisValue[]> Grid(IReadOnlyList<Axis> axes)
    {
        if (axes.Any(axis => axis.Values.Count == 0))
        {
            yield break;
        }

        var at = new int[axes.Count];
        while (true)
        {
            yield return [.. at.Select((value, axis) => axes[axis].Values[value])];
            var last = axes.Count - 1;
            while (last >= 0 && ++at[last] == axes[last].Values.Count)
            {
                at[last--] = 0;
            }

            if (last < 0)
            {
                yield break;
            }
        }
    }

    // The chosen ones keep the order of the grid, so that a table of few reads like the table of
    // all.
    private static IEnumerable<AxisValue[]> Some(List<AxisValue[]> all, int count, long seed)
    {
        var stream = new RandomStreams(seed).Open("search");
        var order = Enumerable.Range(0, all.Count).ToArray();
        for (var i = 0; i < Math.Min(count, order.Length); i++)
        {
            var other = i + stream.Next(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order.Take(count).Order().Select(index => all[index]);
    }

    private static IEnumerable<AxisValue[]> Drawn(IReadOnlyList<Axis> axes, CellFilter filter, int count, long seed)
    {
        var streams = new RandomStreams(seed);
        var seen = new HashSet<string>();
        var made = 0;
        for (long draw = 0; made < count && draw < 100L * count; draw++)
        {
            var stream = streams.Open("search", draw);
            AxisValue[] combination = [.. axes.Select(axis => axis.Range is { } range ? Value(range, stream) : axis.Values[stream.Next(axis.Values.Count)])];
            if (seen.Add(string.Join('\n', combination.Select(value => value.Json))) && !filter.Excludes(combination))
            {
                made++;
                yield return combination;
            }
        }
    }

    private static AxisValue Value(AxisRange range, RandomStream stream)
    {
        var share = stream.NextDouble();
        var number = range.Scale == AxisScale.Log
            ? Elementary.Exp(Elementary.Log(range.From) + (share * (Elementary.Log(range.To) - Elementary.Log(range.From))))
            : range.From + (share * (range.To - range.From));
        var rounded = double.Parse(number.ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var value = PipelineValue.Parse(Math.Clamp(rounded, range.From, range.To).ToString("R", CultureInfo.InvariantCulture), "sweep.search");
        return new AxisValue(value.Text, [Override.Of(range.Path, value, merges: false, out _)!], value.Json);
    }
}
