using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>exponential</c>.</summary>
public sealed record ExponentialOptions(
    [Description("What one epoch multiplies the learning rate by.")][Range(1e-6, 1.0)][AlsoKnownAs("gamma")] double Factor);

/// <summary>Exponential decay, smooth within an epoch: <c>factor ^ epoch</c>.</summary>
[Description("Decays by a factor per epoch, smoothly.")]
[Plugin("exponential")]
internal sealed class Exponential(ExponentialOptions options) : ISchedule
{
    public double Factor(double epoch, int workers) => Elementary.Power(options.Factor, epoch);
}
