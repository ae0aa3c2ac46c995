using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Delays;

public sealed record LognormalOptions(
    [Description("Mean of the duration itself, not of its logarithm, ms.")][Range(0.0, 1e9)] double MeanMs,
    [Description("Standard deviation / mean of the duration itself.")][Range(0.0, 10.0)] double CoefficientOfVariation = 0.5);

/// <summary>
/// A long right tail: T = mean exp(sigma z - sigma²/2) with sigma² = ln(1 + V²), z standard normal,
/// V the coefficient of variation, so that mean and spread are those of the duration itself.
/// </summary>
[Description("Lognormal durations, with a long right tail.")]
[Plugin("lognormal")]
internal sealed class Lognormal(LognormalOptions options) : IDelay
{
    private readonly double sigma = Math.Sqrt(Elementary.Log(1 + (options.CoefficientOfVariation * options.CoefficientOfVariation)));

    public double Milliseconds(in DelayDraw draw) => options.MeanMs * Elementary.Exp((sigma * Distributions.Normal(draw.Random, 0, 1)) - (sigma * sigma / 2));
}
