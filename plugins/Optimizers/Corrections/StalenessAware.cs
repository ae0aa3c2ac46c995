using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>
/// Staleness-aware: a gradient counts the less the more updates it missed.
/// <code>g / (tau + 1)</code>
/// Zhang, Gupta, Lian, Liu: Staleness-aware async-SGD for distributed deep learning, arXiv
/// 1511.05950, IJCAI 2016. The paper divides the learning rate by tau counted from 1; deviation:
/// the gradient is divided, before momentum, as in the comparison of the gap-aware paper. No state.
/// </summary>
[Description("Divides by staleness, counted from 1.")]
[Plugin("staleness-aware")]
internal sealed class StalenessAware : ICorrection
{
    public void Attach(RuleContext context)
    {
    }

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        if (push.Staleness > 0)
        {
            FusedPass.Run(new Divide(push.Staleness + 1f), gradient, gradient);
        }
    }

    private readonly struct Divide(float divisor) : IFormula11
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> corrected) => corrected = g / divisor;
    }
}
