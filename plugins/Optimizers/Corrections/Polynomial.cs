using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>polynomial</c>.</summary>
public sealed record PolynomialOptions(
    [Description("p: 0 changes nothing, 1 is staleness-aware.")][Range(0.0, 100.0)] double Power = 0.5);

/// <summary>
/// Polynomial weight of staleness.
/// <code>g (1 + tau)^-p</code>
/// Xie, Koyejo, Gupta: Asynchronous federated optimization (FedAsync), arXiv 1903.03934, 2019. The
/// paper weights the mixing of a worker's parameters into the server's; deviation: the gradient is
/// weighted, which is the same for one local step of plain <c>sgd</c>. No state.
/// </summary>
[Description("FedAsync's polynomial weight of staleness.")]
[Plugin("polynomial")]
internal sealed class Polynomial(PolynomialOptions options) : ICorrection
{
    public void Attach(RuleContext context)
    {
    }

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        if (push.Staleness > 0)
        {
            FusedPass.Run(new Scale((float)Elementary.Power(1.0 + push.Staleness, -options.Power)), gradient, gradient);
        }
    }
}
