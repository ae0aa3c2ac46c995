using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// The curves of a sweep's cells over their seeds: at each evaluation the mean over the runs that
/// converged, with the smallest and the largest. Of a cell whose runs all did not converge it is
/// they, and the page says so. A long curve has points of several evaluations each: the mean of
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

    /// <summary>Reads the evaluations of a sweep's completed runs.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="curves">The runs' evaluations.</param>
    public static SweepCurves Read(SweepPlan plan, AgendaState state, ISweepResults results, RunCurves curves)
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
                if (curves.Of(run) is { } evaluations)
                {
                    curve.Add(evaluations, plan.Metric);
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

        public void Add(IEnumerable<EvaluationRecord> evaluations, SweepMetric metric)
        {
            runs++;
            foreach (var (i, evaluation) in evaluations.Index())
            {
                while (i / perPoint >= most)
                {
                    Halve();
                }

                if (i / perPoint == points.Count)
                {
                    points.Add(new Point());
                }

                points[i / perPoint].Add(evaluation, metric.Of(evaluation));
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

        public void Add(in EvaluationRecord evaluation, double value)
        {
            Count++;
            Epochs += evaluation.Epoch;
            Updates += evaluation.Version;
            Seconds += evaluation.At / 1e9;
            if (double.IsFinite(value))
            {
                (Smallest, Largest) = Values == 0 ? (value, value) : (Math.Min(Smallest, value), Math.Max(Largest, value));
                Sum += value;
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
