using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>Reads what a run had come to at a mark.</summary>
internal static class Rungs
{
    /// <summary>
    /// The first evaluation at or past the mark; of a run that was over before, the last; null
    /// where the run has not got there and may still.
    /// </summary>
    /// <param name="key">The run's key.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="mark">Epochs.</param>
    /// <param name="end">How it ended: where it diverged before the mark it did not converge. Null,
    /// or what it ended with otherwise, where more may come.</param>
    public static RungResult? Read(string key, string folder, double mark, RunStatus? end)
    {
        EvaluationRecord? last = null;
        using var evaluations = RunRows.Evaluations(folder);
        while (evaluations.TryRead(out var evaluation))
        {
            last = evaluation;
            if (evaluation.Epoch >= mark)
            {
                return Of(evaluation);
            }
        }

        return end switch
        {
            RunStatus.Completed when last is { } final => Of(final),
            RunStatus.Completed or RunStatus.Diverged => new RungResult(key, mark, null, null),
            _ => null,
        };

        RungResult Of(EvaluationRecord evaluation) => new(
            key, mark, Finite(evaluation.TestAccuracy), Finite(evaluation.TestLoss), Finite(evaluation.Validation?.Accuracy), Finite(evaluation.Validation?.Loss));
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
