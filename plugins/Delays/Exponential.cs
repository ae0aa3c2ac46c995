using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Delays;

public sealed record ExponentialOptions([Description("Mean, ms.")][Range(0.0, 1e9)] double MeanMs);

/// <summary>
/// Memoryless: T ~ Exp(1/mean), the straggler model of Dutta et al.: Slow and stale gradients can
/// win the race, AISTATS 2018.
/// </summary>
[Description("Memoryless durations, the classical straggler model.")]
[Plugin("exponential")]
internal sealed class Exponential(ExponentialOptions options) : IDelay
{
    public double Milliseconds(in DelayDraw draw) => Distributions.Exponential(draw.Random, options.MeanMs);
}
