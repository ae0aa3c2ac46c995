using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>
/// What pushes of a run are like, against their own neighbours: logarithms over their running
/// means. Keeps every so manieth push, and those that are farthest from their neighbours.
/// </summary>
internal sealed class PushFeatures
{
    private const int MostKept = 4096;
    private const int Farthest = 16;
    private const double Memory = 50;

    private readonly double[] means = new double[Names.Count];
    private readonly double[] squares = new double[Names.Count];
    private readonly double[] row = new double[Names.Count];
    private readonly PriorityQueue<(double[] Row, RecordPlace Place, long Number), double> farthest = new();
    private List<(double[] Row, RecordPlace Place, long Number)> kept = [];
    private long number;
    private long stride = 1;

    public static IReadOnlyList<string> Names { get; } = ["duration", "staleness", "gap", "gradient norm", "loss"];

    /// <summary>The rows and where they stand, in order.</summary>
    public IReadOnlyList<(double[] Row, RecordPlace Place, long Number)> Rows =>
        [.. kept.Concat(farthest.UnorderedItems.Select(item => item.Element)).DistinctBy(item => item.Number).OrderBy(item => item.Number)];

    public void Add(in PushRecord push, RecordPlace place)
    {
        Span<double> values =
        [
            Math.Log(Math.Max(1, push.ArrivedAt - push.PulledAt)), Math.Log(1 + Math.Max(0, push.Staleness)), Logarithm(push.GapRms), Logarithm(push.GradientNorm), Logarithm(push.Loss),
        ];
        var (far, isWarm) = (0.0, number >= 2 * Memory);
        for (var c = 0; c < values.Length; c++)
        {
            var from = double.IsFinite(values[c]) ? values[c] - means[c] : 0;
            row[c] = isWarm ? from : 0;
            far = isWarm && squares[c] > 0 ? Math.Max(far, Math.Abs(from) / Math.Sqrt(squares[c])) : far;
            means[c] += from / Math.Min(Memory, number + 1);
            squares[c] += ((from * from) - squares[c]) / Math.Min(Memory, number + 1);
        }

        if (isWarm)
        {
            Keep(place, far);
        }

        number++;
    }

    // A copy of the row only where it stays.
    private void Keep(RecordPlace place, double far)
    {
        if (farthest.Count < Farthest)
        {
            farthest.Enqueue(([.. row], place, number), far);
        }
        else if (farthest.TryPeek(out _, out var nearest) && far > nearest)
        {
            farthest.EnqueueDequeue(([.. row], place, number), far);
        }

        if (number % stride == 0)
        {
            kept.Add(([.. row], place, number));
        }

        if (kept.Count == MostKept)
        {
            stride *= 2;
            kept = [.. kept.Where(item => item.Number % stride == 0)];
        }
    }

    private static double Logarithm(double value) => value > 0 && double.IsFinite(value) ? Math.Log(value) : double.NaN;
}
