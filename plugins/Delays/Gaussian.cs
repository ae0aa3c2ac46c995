using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Delays;

public sealed record GaussianOptions(
    [Description("Mean of the normal distribution, ms.")][Range(0.0, 1e9)] double MeanMs,
    [Description("Standard deviation of the normal distribution, ms.")][Range(0.0, 1e9)] double StandardDeviationMs);

/// <summary>
/// Normal, a negative draw taken as 0: the network delays of the EPFL study (mean 30, 60 or 90 ms,
/// standard deviation 5 ms).
/// </summary>
[Description("Normal durations, none below 0.")]
[Plugin("gaussian")]
internal sealed class Gaussian(GaussianOptions options) : IDelay
{
    public double Milliseconds(in DelayDraw draw) => Math.Max(0, Distributions.Normal(draw.Random, options.MeanMs, options.StandardDeviationMs));
}
