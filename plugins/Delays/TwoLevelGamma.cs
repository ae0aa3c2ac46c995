using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

public sealed record TwoLevelGammaOptions(
    [Description("Mean over workers and draws, ms.")][Range(0.0, 1e9)] double MeanMs,
    [Description("Standard deviation / mean of the workers' means.")][Range(0.0, 10.0)] double WorkerCoefficientOfVariation = 0.6,
    [Description("Standard deviation / mean of one worker's draws.")][Range(0.0, 10.0)] double CoefficientOfVariation = 0.1);

/// <summary>
/// Unequal machines: each worker's mean p ~ Gamma(shape 1/W², scale W² mean) is drawn once, then T
/// ~ Gamma(1/V², V² p). With the defaults W = .6, V = .1 the heterogeneous environment of the
/// gap-aware and DANA papers: p ~ Gamma(1/.36, .36 mean), T ~ Gamma(100, p/100). Ali et al.:
/// Representing task and machine heterogeneities for heterogeneous computing systems (the CVB
/// method), 2000. No deviation.
/// </summary>
[Description("Unequal machines: a gamma mean per worker, gamma durations around it.")]
[Plugin("two-level-gamma")]
internal sealed class TwoLevelGamma(TwoLevelGammaOptions options) : IDelay
{
    public double Trait(int worker, Random random) => GammaByMean.Sample(random, options.MeanMs, options.WorkerCoefficientOfVariation);

    public double Milliseconds(in DelayDraw draw) => GammaByMean.Sample(draw.Random, draw.Trait, options.CoefficientOfVariation);
}
