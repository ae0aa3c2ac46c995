using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>What a run came to, from its evaluations.</summary>
/// <param name="Run">The run.</param>
/// <param name="Accuracy">Test accuracy at the end, percent; that of chance where the loss is not
/// finite; NaN where samples have no label.</param>
/// <param name="LogLoss">Logarithm of the test loss at the end, that of the worst of the runs where
/// it is not finite; NaN where it is not positive, or finite in none.</param>
/// <param name="Place">The last evaluation.</param>
/// <param name="Curve">Accuracy, or else the logarithm of the loss, at points of equal progress in
/// evaluations.</param>
internal sealed record Outcome(RunFacts Run, double Accuracy, double LogLoss, RecordPlace Place, double[] Curve)
{
    public const int Points = 16;
    private const int MostEvaluations = 4096;

    /// <summary>Of each run that has evaluations, in order.</summary>
    public static List<Outcome> Of(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var outcomes = new List<Outcome>();
        foreach (var run in runs)
        {
            stop.ThrowIfCancellationRequested();
            if (Read(run) is { } outcome)
            {
                outcomes.Add(outcome);
            }
        }

        var worst = outcomes.SelectMany(outcome => outcome.Run.Classes > 1 ? [outcome.LogLoss] : outcome.Curve.Append(outcome.LogLoss)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        return [.. outcomes.Select(outcome => outcome with
        {
            LogLoss = double.IsPositiveInfinity(outcome.LogLoss) ? worst : outcome.LogLoss,
            Curve = [.. outcome.Curve.Select(value => double.IsPositiveInfinity(value) ? worst : value)],
        })];
    }

    private static Outcome? Read(IRunRecords run)
    {
        var values = new List<(double Accuracy, double Loss)>();
        var (last, place, stride, number) = (default(EvaluationRecord), default(RecordPlace), 1, 0L);
        using var evaluations = run.OpenEvaluations();
        for (; evaluations.TryRead(out var evaluation); number++)
        {
            (last, place) = (evaluation, evaluations.Place);
            if (number % stride == 0)
            {
                values.Add((evaluation.TestAccuracy, evaluation.TestLoss));
            }

            if (values.Count == MostEvaluations)
            {
                values = [.. values.Where((_, n) => n % 2 == 0)];
                stride *= 2;
            }
        }

        if (values.Count == 0)
        {
            return null;
        }

        var chance = run.Facts.Classes > 1 ? 100.0 / run.Facts.Classes : double.NaN;
        var accuracy = double.IsFinite(last.TestLoss) && double.IsFinite(last.TestAccuracy) ? last.TestAccuracy : chance;
        var loss = LogOf(last.TestLoss);

        // One evaluation is no curve.
        return new(run.Facts, accuracy, loss, place, [.. Enumerable.Range(0, Points).Select(n => number > 1 ? At(values, n, chance) : double.NaN)]);
    }

    private static double At(List<(double Accuracy, double Loss)> values, int point, double chance)
    {
        var (accuracy, loss) = values[point * (values.Count - 1) / (Points - 1)];
        return double.IsFinite(chance) ? (double.IsFinite(accuracy) ? accuracy : chance) : LogOf(loss);
    }

    // Infinite where a run has diverged, until the others are known.
    private static double LogOf(double loss) => !double.IsFinite(loss) ? double.PositiveInfinity : loss > 0 ? Math.Log(loss) : double.NaN;
}
