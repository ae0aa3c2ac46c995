using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

public sealed record GammaOptions(
    [Description("Mean, ms.")][Range(0.0, 1e9)] double MeanMs,
    [Description("Standard deviation / mean; the shape is its inverse square.")][Range(0.0, 10.0)] double CoefficientOfVariation = 0.1);

/// <summary>
/// T ~ Gamma(shape 1/V², scale V² mean), V the coefficient of variation: with the default .1 the
/// homogeneous environment of the gap-aware and DANA papers, Gamma(100, mean/100). Ali, Siegel,
/// Maheswaran, Hensgen, Ali: Representing task and machine heterogeneities for heterogeneous
/// computing systems (the CVB method), 2000; Barkai, Hakimi, Schuster: Gap aware mitigation of
/// gradient staleness, ICLR 2020, section 5. No deviation.
/// </summary>
[Description("Gamma durations around one mean: equal machines.")]
[Plugin("gamma")]
internal sealed class Gamma(GammaOptions options) : IDelay
{
    public double Milliseconds(in DelayDraw draw) => GammaByMean.Sample(draw.Random, options.MeanMs, options.CoefficientOfVariation);
}
