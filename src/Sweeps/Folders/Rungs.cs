using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>Reads what a run had come to at a mark.</summary>
internal static class Rungs
{
    /// <summary>
    /// The first evaluation at or past the mark; null where the run has not got there and may
    /// still.
    /// </summary>
    /// <param name="key">The run's key.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="mark">Epochs.</param>
    /// <param name="hasEnded">Whether nothing more comes: a run that ended before the mark did not
    /// converge.</param>
    public static RungResult? Read(string key, string folder, double mark, bool hasEnded)
    {
        using var evaluations = RunRows.Evaluations(folder);
        while (evaluations.TryRead(out var evaluation))
        {
            if (evaluation.Epoch >= mark)
            {
                return new RungResult(
                    key, mark, Finite(evaluation.TestAccuracy), Finite(evaluation.TestLoss), Finite(evaluation.Validation?.Accuracy), Finite(evaluation.Validation?.Loss));
            }
        }

        return hasEnded ? new RungResult(key, mark, null, null) : null;
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
