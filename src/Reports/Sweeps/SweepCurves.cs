using System.Text.Json;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// The curves of a sweep's cells over their seeds: at each point, such as an evaluation, the mean
/// over the runs that converged, with the smallest and the largest. Of a cell whose runs all did not
/// converge it is they, and the page says so. A long curve joins several points in one: the mean of
/// their means, the smallest and the largest of all.
/// </summary>
internal sealed class SweepCurves
{
    private const int MostPoints = 24_000;
    private const int MostInCell = 240;
    private const int LeastInCell = 8;

    private readonly List<Curve> curves = [];

    /// <summary>One for each cell of the table, in its order.</summary>
    public IReadOnlyList<Curve> All => curves;

    /// <summary>Completed runs whose folders are gone, so that they are in no curve.</summary>
    public int Gone { get; private set; }

    /// <summary>Reads a curve of each of a sweep's completed runs.</summary>
    /// <param name="state">Where the sweep stands.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="curveOf">A run's curve; null where its folder is gone.</param>
    public static SweepCurves Read(AgendaState state, ISweepResults results, Func<CompletedRun, IEnumerable<CurvePoint>?> curveOf)
    {
        var all = new SweepCurves();
        var runs = SweepTable.RunsOf(state);
        var most = Math.Clamp(MostPoints / Math.Max(1, runs.Count), LeastInCell, MostInCell);
        foreach (var of in runs)
        {
            List<CompletedRun> done = [.. of.Select(run => results.Completed(run.Key)).OfType<CompletedRun>()];
            var isNc = done.Count > 0 && done.TrueForAll(run => run.NoConvergence);
            var curve = new Curve(most, isNc);
            foreach (var run in done.Where(run => run.NoConvergence == isNc))
            {
                if (curveOf(run) is { } points)
                {
                    curve.Add(points);
                }
                else
                {
                    all.Gone++;
                }
            }

            all.curves.Add(curve);
        }

        return all;
    }

    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        foreach (var curve in curves)
        {
            curve.Write(json);
        }

        json.WriteEndArray();
    }

    /// <summary>The curve of a cell.</summary>
    /// <param name="most">The largest number of points.</param>
    /// <param name="isNc">Whether no run of the cell converged.</param>
    public sealed class Curve(int most, bool isNc)
    {
        private readonly List<Point> points = [];
        private int perPoint = 1;
        private int runs;

        public bool IsNc => isNc;

        public bool IsEmpty => points.Count == 0;

        public IReadOnlyList<PlotPoint> ToPoints() =>
            [.. points.Select(point => new PlotPoint(point.Epochs / point.Count, point.Values == 0 ? double.NaN : point.Sum / point.Values, point.Smallest, point.Largest))];

        public void Add(IEnumerable<CurvePoint> run)
        {
            runs++;
            foreach (var (i, point) in run.Index())
            {
                while (i / perPoint >= most)
                {
                    Halve();
                }

                if (i / perPoint == points.Count)
                {
                    points.Add(new Point());
                }

                points[i / perPoint].Add(point);
            }
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteNumber("runs", runs);
            json.WriteBoolean("isNc", isNc);
            json.Numbers("epochs", points.Select(point => point.Epochs / point.Count));
            json.Numbers("updates", points.Select(point => point.Updates / point.Count));
            json.Numbers("seconds", points.Select(point => point.Seconds / point.Count));
            json.Numbers("mean", points.Select(point => point.Values == 0 ? double.NaN : point.Sum / point.Values));
            json.Numbers("min", points.Select(point => point.Smallest));
            json.Numbers("max", points.Select(point => point.Largest));
            json.WriteEndObject();
        }

        private void Halve()
        {
            for (var i = 0; i < points.Count; i += 2)
            {
                points[i / 2] = i + 1 < points.Count ? points[i].Joined(points[i + 1]) : points[i];
            }

            points.RemoveRange((points.Count + 1) / 2, points.Count / 2);
            perPoint *= 2;
        }
    }

    private sealed class Point
    {
        public int Count { get; private set; }

        public int Values { get; private set; }

        public double Epochs { get; private set; }

        public double Updates { get; private set; }

        public double Seconds { get; private set; }

        public double Sum { get; private set; }

        public double Smallest { get; private set; } = double.NaN;

        public double Largest { get; private set; } = double.NaN;

        public void Add(in CurvePoint next)
        {
            Count++;
            Epochs += next.Epoch;
            Updates += next.Updates;
            Seconds += next.Seconds;
            if (double.IsFinite(next.Value))
            {
                (Smallest, Largest) = Values == 0 ? (next.Value, next.Value) : (Math.Min(Smallest, next.Value), Math.Max(Largest, next.Value));
                Sum += next.Value;
                Values++;
            }
        }

        public Point Joined(Point other) => new()
        {
            Count = Count + other.Count,
            Values = Values + other.Values,
            Epochs = Epochs + other.Epochs,
            Updates = Updates + other.Updates,
            Seconds = Seconds + other.Seconds,
            Sum = Sum + other.Sum,
            Smallest = Values == 0 ? other.Smallest : other.Values == 0 ? Smallest : Math.Min(Smallest, other.Smallest),
            Largest = Values == 0 ? other.Largest : other.Values == 0 ? Largest : Math.Max(Largest, other.Largest),
        };
    }
}
