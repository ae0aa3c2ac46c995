using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Networks;

/// <summary>Where the statistics come from that evaluation uses.</summary>
public enum StatisticsSource
{
    /// <summary>
    /// Every push brings its batch's statistics; the server averages them exponentially, in the
    /// order of arrival.
    /// </summary>
    Pushed,

    /// <summary>
    /// Before each evaluation, the mean over training batches at the parameters that are evaluated.
    /// </summary>
    Recalibrated,
}

/// <summary>
/// Batch-norm under a parameter server. Running statistics are not gradients: either they are
/// averaged as they are pushed (what PyTorch does with one worker; with many, old parameters'
/// statistics are among them), or they are computed anew before each evaluation (exact for the
/// parameters evaluated, at the price of some forward and backward passes).
/// </summary>
/// <param name="Source">Pushed and averaged, or recalibrated before each evaluation.</param>
/// <param name="Momentum">Weight of a push in the average, (0, 1].</param>
/// <param name="RecalibrationBatches">Training batches of a recalibration.</param>
public sealed record BatchNormPolicyOptions(
    [Description("Pushed and averaged, or recalibrated before each evaluation.")] StatisticsSource Source = StatisticsSource.Pushed,
    [Description("Weight of a push in the average.")][Range(1e-6, 1.0)] double Momentum = 0.1,
    [Description("Training batches of a recalibration.")][Range(1, 100000)] int RecalibrationBatches = 100);
