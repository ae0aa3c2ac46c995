namespace Orchestrator.Sweeps;

/// <summary>What runs came to, as far as it is known: what decisions are made of.</summary>
public interface ISweepResults
{
    /// <summary>A completed run; null where there is none yet.</summary>
    CompletedRun? Completed(string key);

    /// <summary>Whether a run has failed, and is not to be tried again.</summary>
    bool HasFailed(string key);

    /// <summary>
    /// What a run had come to at a mark of successive halving; null where it is not there yet.
    /// </summary>
    RungResult? AtMark(string key, double epoch);
}

/// <summary>A run at a mark: its first evaluation at or past it.</summary>
/// <param name="Key">The run's key.</param>
/// <param name="Mark">Epochs.</param>
/// <param name="TestAccuracy">Percent; null where samples have no label, or the run ended
/// before.</param>
/// <param name="TestLoss">Mean over the test samples; null where it is not finite, or the run ended
/// before.</param>
/// <param name="ValidationAccuracy">As the test accuracy, on the samples kept for
/// validation.</param>
/// <param name="ValidationLoss">As the test loss, on them.</param>
public sealed record RungResult(string Key, double Mark, double? TestAccuracy, double? TestLoss, double? ValidationAccuracy = null, double? ValidationLoss = null);
