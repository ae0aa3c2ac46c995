using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>What a run is like as a whole: means of its pushes, and its outcome.</summary>
internal static class RunFeatures
{
    public static IReadOnlyList<string> Names { get; } =
        ["mean staleness", "mean duration", "mean gap", "mean gradient norm", "mean training loss", "pushes", "dropped share", "test loss", "test accuracy"];

    /// <summary>
    /// One number for each name; logarithms where a factor counts. Not finite ones are the largest
    /// there is. Null where no push is in the record.
    /// </summary>
    public static double[]? Of(IRunRecords run, Outcome outcome, PushFeatures? pushFeatures, CancellationToken stop)
    {
        var (count, arrived, dropped, staleness, duration, gap, norm, loss) = (0L, 0L, 0L, 0.0, 0.0, 0.0, 0.0, 0.0);
        using var pushes = run.OpenPushes();
        while (pushes.TryRead(out var push))
        {
            if (count++ % 4096 == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            if (push.Decision == PushDecision.Cancelled)
            {
                continue;
            }

            pushFeatures?.Add(in push, pushes.Place);
            arrived++;
            dropped += push.Decision == PushDecision.Dropped ? 1 : 0;
            staleness += push.Staleness;
            duration += push.ArrivedAt - push.PulledAt;
            gap += push.GapRms;
            norm += push.GradientNorm;
            loss += push.Loss;
        }

        if (count == 0)
        {
            return null;
        }

        var n = Math.Max(1, arrived);
        return
        [
            Log(1 + (staleness / n)), Log(duration / n), Log(gap / n), Log(norm / n), Log(loss / n), Log(1 + arrived), (double)dropped / n,
            double.IsFinite(outcome.LogLoss) ? outcome.LogLoss : Largest, double.IsFinite(outcome.Accuracy) ? outcome.Accuracy / 10 : 0,
        ];
    }

    // What cannot be put in numbers stands far from everything that can.
    private const double Largest = 100;

    private static double Log(double value) => double.IsFinite(value) ? Math.Log(Math.Max(1e-30, value)) : Largest;
}
