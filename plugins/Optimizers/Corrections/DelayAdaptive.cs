using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>
/// Delay-adaptive: gradients staler than the number of workers count for less.
/// <code>g N / max(N, tau)</code>
/// Mishchenko, Bach, Even, Woodworth: Asynchronous SGD beats minibatch SGD under arbitrary delays,
/// NeurIPS 2022. The paper scales the learning rate; deviation: the gradient is scaled, before
/// momentum, which is the same for <c>sgd</c> without momentum. No state.
/// </summary>
[Description("Divides gradients staler than N by their staleness / N.")]
[Plugin("delay-adaptive")]
internal sealed class DelayAdaptive : ICorrection
{
    public void Attach(RuleContext context)
    {
    }

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        if (push.Staleness > push.Workers)
        {
            FusedPass.Run(new Scale((float)((double)push.Workers / push.Staleness)), gradient, gradient);
        }
    }
}
