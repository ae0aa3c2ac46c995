using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>What a gap is measured from.</summary>
public enum GapReference
{
    /// <summary>The server's parameters at arrival.</summary>
    Parameters,

    /// <summary>What the optimizer would send the worker at arrival.</summary>
    LookAhead,
}

/// <summary>Whether each parameter has a gap of its own.</summary>
public enum GapForm
{
    /// <summary>Each parameter is divided by its own gap.</summary>
    PerParameter,

    /// <summary>The whole gradient is divided by one gap, a norm.</summary>
    Scalar,
}

/// <summary>Options of <c>gap-aware</c>.</summary>
public sealed record GapAwareOptions(
    [Description("One gap per parameter, or one for the whole gradient.")] GapForm Form = GapForm.PerParameter,
    [Description("What the gap is measured from: the server's parameters, or the optimizer's look-ahead.")] GapReference Reference = GapReference.Parameters,
    [Description("b: decay of the mean of squared velocities (per-parameter form).")][Range(0.0, 0.9999999)] double Decay = 0.999,
    [Description("Added to the root of the mean (per-parameter form).")][Range(1e-30, 1.0)][AlsoKnownAs("eps")] double Epsilon = 1e-8);

/// <summary>
/// Gap-aware: a gradient counts the less the further the parameters have moved from where it was
/// computed, measured in typical steps.
/// <code>
/// per parameter   g / G,  G = 1 + |theta_k - w| / C,  C = eta_max (sqrt(EMA_b(v^2) / (1 - b^t)) + epsilon);  t = updates so far, none while t = 0
/// scalar          g / G,  G = 1 + norm2(theta_k - w) / C,  C = mean over the updates so far of eta norm2(v)
/// </code>
/// v is the optimizer's velocity (the gradient where there is no momentum), eta_max the largest
/// learning rate so far. Barkai, Hakimi, Schuster: Gap-aware mitigation of gradient staleness,
/// arXiv 1909.10802, ICLR 2020. The per-parameter form follows the authors' code. Deviations: the
/// scalar form's C is not certain from the paper, here it is the plain mean of the update norms;
/// the option <c>reference</c> is ours: with a look-ahead rule such as <c>dana-zero</c> a single
/// worker has a gap from the parameters but none from the look-ahead. Patented in the United States
/// (11,631,035): this is a reproduction for research, used only where a pipeline asks for it;
/// whoever wants it in a product should ask the owners. State: 4k bytes (per parameter) or 8 bytes
/// (scalar), nothing per worker beyond the vector in flight that the engine keeps.
/// </summary>
[Description("Divides by the parameters' move since the pull, in typical steps; patented in the US.")]
[Plugin("gap-aware")]
internal sealed class GapAware(GapAwareOptions options) : ICorrection
{
    private NativeVector? squares;
    private double[] pathLength = [];

    public bool ElementWise => options.Form == GapForm.PerParameter;

    public bool ComparesLookAhead => options.Reference == GapReference.LookAhead;

    public void Attach(RuleContext context)
    {
        if (ElementWise)
        {
            squares = context.State.Vector("squares");
        }
        else
        {
            pathLength = context.State.Numbers("pathLength", 1);
        }
    }

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        if (push.Version == 0)
        {
            return;
        }

        if (squares is null)
        {
            CorrectWhole(push, reference, gradient);
        }
        else if (push.LargestLearningRate > 0)
        {
            var bias = (float)(1 - Elementary.Power(options.Decay, push.Version));
            ReadOnlySpan<float> mean = squares.Slice(push.Offset, gradient.Length);
            FusedPass.Run(new Divide((float)push.LargestLearningRate, bias, (float)options.Epsilon), reference, push.Sent, mean, gradient);
        }
    }

    public void Applied(in Update update, ReadOnlySpan<float> velocity)
    {
        if (squares is null)
        {
            pathLength[0] += update.LearningRate * Math.Sqrt(FixedOrder.SumOfSquares(velocity));
        }
        else
        {
            FusedPass.Run(new Average(options.Decay), velocity, squares.Slice(update.Offset, velocity.Length));
        }
    }

    private void CorrectWhole(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        var gap = Math.Sqrt(FixedOrder.SumOfSquaredDifferences(reference, push.Sent));
        if (gap > 0)
        {
            FusedPass.Run(new Scale((float)(1 / (1 + (gap * push.Version / pathLength[0])))), gradient, gradient);
        }
    }

    private readonly struct Divide(float eta, float bias, float epsilon) : IFormula31
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> theta, Vector<float> w, Vector<float> mean, ref Vector<float> g)
        {
            var step = eta * (Vector.SquareRoot(mean / bias) + new Vector<float>(epsilon));
            g /= Vector<float>.One + (Vector.Abs(theta - w) / step);
        }
    }

    // 1 - b is taken in double precision: near 1, b's own rounding would be a large part of it.
    private readonly struct Average(double b) : IFormula11
    {
        private readonly float decay = (float)b;
        private readonly float rest = (float)(1 - b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> v, ref Vector<float> mean) => mean = (decay * mean) + (rest * (v * v));
    }
}
