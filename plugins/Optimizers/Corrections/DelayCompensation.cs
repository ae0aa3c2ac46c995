using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>How lambda is chosen.</summary>
public enum CompensationForm
{
    /// <summary>DC-ASGD-c: one lambda.</summary>
    Constant,

    /// <summary>
    /// DC-ASGD-a: lambda over the root of a moving mean square of the gradient, per parameter.
    /// </summary>
    Adaptive,
}

/// <summary>Options of <c>delay-compensation</c>.</summary>
public sealed record DelayCompensationOptions(
    [Description("Constant lambda, or one that adapts to the gradient's mean square.")] CompensationForm Form = CompensationForm.Constant,
    [Description("Strength; the default is 0.04 for the constant form and 2 for the adaptive one.")][Range(0.0, 1e6)] double? Lambda = null,
    [Description("Decay of the mean square (adaptive form).")][Range(0.0, 0.9999999)] double MeanSquareDecay = 0.95,
    [Description("Added to the mean square under the root (adaptive form).")][Range(1e-30, 1.0)][AlsoKnownAs("eps")] double Epsilon = 1e-7);

/// <summary>
/// Delay compensation: a first-order Taylor term carries a stale gradient to the parameters it
/// meets, the Hessian approximated by g g.
/// <code>
/// constant   g + lambda g g (theta_k - w)
/// adaptive   ms = m ms + (1 - m) g^2;  lambda = lambda0 / sqrt(ms + epsilon);  then as above
/// </code>
/// Zheng et al.: Asynchronous stochastic gradient descent with delay compensation, arXiv
/// 1609.08326, ICML 2017 (DC-ASGD-c, DC-ASGD-a). Deviation: computed as g (1 + lambda g (theta_k -
/// w)), equal but for rounding, so that a fresh gradient, or lambda 0, changes no bit. State: none
/// (constant) or 4k bytes (adaptive), nothing per worker beyond the vector in flight that the
/// engine keeps.
/// </summary>
[Description("DC-ASGD: a Taylor term carries a stale gradient to today's parameters.")]
[Plugin("delay-compensation")]
internal sealed class DelayCompensation(DelayCompensationOptions options) : ICorrection
{
    private readonly float lambda = (float)(options.Lambda ?? (options.Form == CompensationForm.Constant ? 0.04 : 2));
    private NativeVector? meanSquare;

    public void Attach(RuleContext context) =>
        meanSquare = options.Form == CompensationForm.Adaptive ? context.State.Vector("meanSquare") : null;

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        if (meanSquare is null)
        {
            FusedPass.Run(new Constant(lambda), reference, push.Sent, gradient);
        }
        else
        {
            var adaptive = new Adaptive(lambda, options.MeanSquareDecay, (float)options.Epsilon);
            FusedPass.Run(adaptive, reference, push.Sent, meanSquare.Slice(push.Offset, gradient.Length), gradient);
        }
    }

    private readonly struct Constant(float lambda) : IFormula21
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> theta, Vector<float> w, ref Vector<float> g) => g *= Vector<float>.One + (lambda * g * (theta - w));
    }

    // 1 - m is taken in double precision: near 1, m's own rounding would be a large part of it.
    private readonly struct Adaptive(float lambda, double m, float epsilon) : IFormula22
    {
        private readonly float decay = (float)m;
        private readonly float rest = (float)(1 - m);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> theta, Vector<float> w, ref Vector<float> mean, ref Vector<float> g)
        {
            mean = (decay * mean) + (rest * (g * g));
            var strength = new Vector<float>(lambda) / Vector.SquareRoot(mean + new Vector<float>(epsilon));
            g *= Vector<float>.One + (strength * g * (theta - w));
        }
    }
}
