using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>hinge</c>.</summary>
public sealed record HingeOptions(
    [Description("p: steepness beyond the bound.")][Range(0.0, 1e6)] double Slope = 10,
    [Description("b: staleness up to which a gradient counts in full.")][Range(0, 1_000_000_000)] int Bound = 4);

/// <summary>
/// Hinge weight of staleness.
/// <code>g while tau is at most b, else g / (p (tau - b) + 1)</code>
/// Xie, Koyejo, Gupta: Asynchronous federated optimization (FedAsync), arXiv 1903.03934, 2019. The
/// paper weights the mixing of a worker's parameters into the server's; deviation: the gradient is
/// weighted, which is the same for one local step of plain <c>sgd</c>. No state.
/// </summary>
[Description("FedAsync's hinge: full weight up to a staleness, then less.")]
[Plugin("hinge")]
internal sealed class Hinge(HingeOptions options) : ICorrection
{
    public void Attach(RuleContext context)
    {
    }

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        var beyond = push.Staleness - options.Bound;
        if (beyond > 0)
        {
            FusedPass.Run(new Scale((float)(1 / ((options.Slope * beyond) + 1))), gradient, gradient);
        }
    }
}
