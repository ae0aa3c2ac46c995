using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>cosine</c>.</summary>
public sealed record CosineOptions(
    [Description("E: epochs until the lowest learning rate, which stays.")][Range(1e-6, 1e9)][AlsoKnownAs("tMax", "totalEpochs")] double Epochs,
    [Description("The lowest factor.")][Range(0.0, 1.0)][AlsoKnownAs("etaMin", "minLr")] double Final = 0);

/// <summary>
/// Half a cosine from 1 to the final factor:
/// <c>f + (1 - f) (1 + cos(pi min(epoch / E, 1))) / 2</c>. Loshchilov, Hutter: SGDR: stochastic
/// gradient descent with warm restarts, ICLR 2017, equation 5; deviation: no restarts.
/// </summary>
[Description("Half a cosine from the full learning rate to a final factor.")]
[Plugin("cosine")]
internal sealed class Cosine(CosineOptions options) : ISchedule
{
    public double Factor(double epoch, int workers) =>
        options.Final + ((1 - options.Final) * (1 + Elementary.CosPi(Math.Min(epoch / options.Epochs, 1))) / 2);
}
