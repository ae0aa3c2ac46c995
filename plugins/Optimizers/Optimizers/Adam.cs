using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>adam</c>.</summary>
public sealed record AdamOptions(
    [Description("Decay of the first moment.")][Range(0.0, 0.999999)][AlsoKnownAs("betas")] double Beta1 = 0.9,
    [Description("Decay of the second moment.")][Range(0.0, 0.9999999)] double Beta2 = 0.999,
    [Description("Added to the root of the second moment.")][Range(1e-30, 1.0)][AlsoKnownAs("eps")] double Epsilon = 1e-8);

/// <summary>
/// Adam at the server, over all workers' pushes.
/// <code>
/// m = beta1 m + (1 - beta1) g;  u = beta2 u + (1 - beta2) g^2;  t = server updates, from 1
/// theta -= eta (m / (1 - beta1^t)) / (sqrt(u / (1 - beta2^t)) + epsilon)
/// </code>
/// Kingma, Ba: Adam: a method for stochastic optimization, ICLR 2015, algorithm 1; no deviation.
/// With asynchronous workers t counts server updates, not a worker's pushes. Weight decay is the
/// engine's, in the gradient (not AdamW). Its velocity, for corrections that watch it, is the step
/// divided by eta. State: 8k bytes, nothing per worker; 4k more of scratch when a correction
/// watches the velocity.
/// </summary>
[Description("Adam at the server, over all workers' pushes.")]
[Plugin("adam")]
internal sealed class Adam(AdamOptions options) : IOptimizer
{
    private NativeVector first = null!;
    private NativeVector second = null!;
    private NativeVector? direction;

    public void Attach(RuleContext context) => (first, second) = (context.State.Vector("first"), context.State.Vector("second"));

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var m = first.Slice(update.Offset, gradient.Length);
        var u = second.Slice(update.Offset, gradient.Length);
        FusedPass.Run(new Step((float)update.LearningRate, options.Beta1, options.Beta2, DirectionOf(update)), gradient, m, u, parameters);
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient)
    {
        // Scratch, not state: made anew from the moments at each call.
        direction ??= new NativeVector(first.Length);
        var step = direction.Slice(update.Offset, gradient.Length);
        ReadOnlySpan<float> m = first.Slice(update.Offset, gradient.Length);
        ReadOnlySpan<float> u = second.Slice(update.Offset, gradient.Length);
        FusedPass.Run(DirectionOf(update), m, u, step);
        return step;
    }

    private Direction DirectionOf(in Update update) => new(
        1 - Elementary.Power(options.Beta1, update.Version + 1), 1 - Elementary.Power(options.Beta2, update.Version + 1), (float)options.Epsilon);

    // Both bias corrections become factors, so that an element costs one division.
    private readonly struct Direction(double firstBias, double secondBias, float epsilon) : IFormula21
    {
        private readonly float firstScale = (float)(1 / firstBias);
        private readonly float rootScale = (float)(1 / Math.Sqrt(secondBias));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> m, Vector<float> u, ref Vector<float> step) =>
            step = firstScale * m / ((rootScale * Vector.SquareRoot(u)) + new Vector<float>(epsilon));
    }

    // 1 - beta is taken in double precision: near 1, beta's own rounding would be a large part of
    // it.
    private readonly struct Step(float eta, double beta1, double beta2, Direction direction) : IFormula13
    {
        private readonly float decay1 = (float)beta1;
        private readonly float rest1 = (float)(1 - beta1);
        private readonly float decay2 = (float)beta2;
        private readonly float rest2 = (float)(1 - beta2);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> m, ref Vector<float> u, ref Vector<float> theta)
        {
            m = (decay1 * m) + (rest1 * g);
            u = (decay2 * u) + (rest2 * (g * g));
            var step = Vector<float>.Zero;
            direction.Run(m, u, ref step);
            theta -= eta * step;
        }
    }
}
