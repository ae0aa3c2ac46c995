using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>A sweep's metric, wherever it is read from.</summary>
public static class MetricValues
{
    private static readonly TableMetric TestLoss = new("testLoss", "test loss", "", "", HigherIsBetter: false);

    /// <summary>Accuracy on the samples kept for validation.</summary>
    internal static TableMetric ValidationAccuracy { get; } = new("validationAccuracy", "validation accuracy", "%", "points", true, 2);

    /// <summary>Loss on them.</summary>
    internal static TableMetric ValidationLoss { get; } = new("validationLoss", "validation loss", "", "", HigherIsBetter: false);

    /// <summary>Whether more is better, and chance has a value.</summary>
    public static bool IsAccuracy(this SweepMetric metric) => metric is SweepMetric.TestAccuracy or SweepMetric.ValidationAccuracy;

    /// <summary>Whether it is of samples that are kept for validation.</summary>
    public static bool IsOfValidation(this SweepMetric metric) => metric is SweepMetric.ValidationAccuracy or SweepMetric.ValidationLoss;

    /// <summary>As tables have it; its name is that of a run's summary.</summary>
    public static TableMetric Table(this SweepMetric metric) => metric switch
    {
        SweepMetric.TestAccuracy => TableMetric.TestAccuracy,
        SweepMetric.TestLoss => TestLoss,
        SweepMetric.ValidationAccuracy => ValidationAccuracy,
        _ => ValidationLoss,
    };

    /// <summary>Of a completed run, whether it converged or not.</summary>
    public static double? Of(this SweepMetric metric, CompletedRun run) =>
        Choose(metric, run.TestAccuracy, run.TestLoss, run.ValidationAccuracy, run.ValidationLoss);

    /// <summary>Of a run at a mark.</summary>
    public static double? Of(this SweepMetric metric, RungResult run) => Choose(metric, run.TestAccuracy, run.TestLoss, run.ValidationAccuracy, run.ValidationLoss);

    /// <summary>Of an evaluation; NaN where it has none.</summary>
    public static double Of(this SweepMetric metric, in EvaluationRecord evaluation) =>
        Choose(metric, evaluation.TestAccuracy, evaluation.TestLoss, evaluation.Validation?.Accuracy, evaluation.Validation?.Loss) ?? double.NaN;

    private static double? Choose(SweepMetric metric, double? testAccuracy, double? testLoss, double? validationAccuracy, double? validationLoss) => metric switch
    {
        SweepMetric.TestAccuracy => testAccuracy,
        SweepMetric.TestLoss => testLoss,
        SweepMetric.ValidationAccuracy => validationAccuracy,
        _ => validationLoss,
    };
}
