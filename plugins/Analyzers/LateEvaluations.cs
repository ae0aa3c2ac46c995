using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>
/// A run's evaluations in the last third of its time, on average: one evaluation alone is noisier
/// than what is asked of it.
/// </summary>
/// <param name="Accuracy">Percent; NaN where samples have no label.</param>
/// <param name="Loss">Mean test loss.</param>
/// <param name="BestAccuracy">Of all evaluations, percent.</param>
/// <param name="BestLoss">Of all evaluations.</param>
/// <param name="Updates">At the end.</param>
/// <param name="Epochs">At the end.</param>
internal sealed record LateEvaluations(double Accuracy, double Loss, double BestAccuracy, double BestLoss, long Updates, double Epochs)
{
    public bool HasAccuracy => !double.IsNaN(BestAccuracy);

    public static LateEvaluations Read(IRunRecords run)
    {
        var curve = EvaluationCurve.Read(run);
        var (accuracies, losses) = (new Moments(), new Moments());
        using var evaluations = run.OpenEvaluations();
        while (evaluations.TryRead(out var evaluation))
        {
            if (evaluation.At >= curve.Last.At * 2 / 3)
            {
                accuracies.Add(evaluation.TestAccuracy);
                losses.Add(evaluation.TestLoss);
            }
        }

        return new(accuracies.Mean, losses.Mean, curve.BestAccuracy, curve.BestLoss, curve.Last.Version, curve.Last.Epoch);
    }
}
