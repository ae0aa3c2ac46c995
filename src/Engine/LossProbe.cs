using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// The test loss at any parameters, as an evaluation of a run computes it, on all cores of the
/// experiment; their number changes no bit.
/// </summary>
/// <param name="experiment">Model and data.</param>
/// <param name="recalibrationBatches">Training batches on which statistics of the model, such as
/// batch-norm's, are taken anew at each place; 0 takes those that are given.</param>
public sealed class LossProbe(Experiment experiment, int recalibrationBatches) : IDisposable
{
    private static readonly EvaluationRecord Nothing = new()
    {
        Event = 0,
        Version = 0,
        Epoch = 0,
        At = 0,
        TestLoss = double.NaN,
        TestAccuracy = double.NaN,
        LargestPredictedShare = double.NaN,
        ParameterNorm = double.NaN,
        Duration = 0,
    };

    private readonly Evaluator evaluator = new(experiment with { Evaluation = new EvaluationPlan(), Validation = null }, recalibrationBatches);

    /// <summary>Mean loss over the test samples, and accuracy in percent, NaN without
    /// labels.</summary>
    /// <param name="vector">Parameters, then buffers.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public (double Loss, double Accuracy) At(NativeVector vector, CancellationToken stop)
    {
        var record = evaluator.Evaluate(vector, Nothing, stop).Record;
        return (record.TestLoss, record.TestAccuracy);
    }

    /// <inheritdoc/>
    public void Dispose() => evaluator.Dispose();
}
