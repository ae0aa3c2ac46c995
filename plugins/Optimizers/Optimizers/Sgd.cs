using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>sgd</c>.</summary>
public sealed record SgdOptions(
    [Description("gamma; 0 keeps no velocity, negative values are allowed.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0,
    [Description("Nesterov's momentum in its local form (as PyTorch's) instead of heavy ball.")] bool Nesterov = false);

/// <summary>
/// Stochastic gradient descent at the server; with several asynchronous workers, ASGD.
/// <code>
/// momentum 0   theta -= eta g
/// heavy ball   v = gamma v + g;  theta -= eta v
/// nesterov     v = gamma v + g;  theta -= eta (g + gamma v)
/// </code>
/// Dean et al.: Large scale distributed deep networks, NIPS 2012 (asynchronous use); Polyak 1964
/// (heavy ball); Sutskever et al., ICML 2013 (Nesterov). Deviations: v is kept unscaled by eta, as
/// in PyTorch, so a changing learning rate needs no momentum correction (Goyal et al. 2017); a
/// velocity below the smallest normal number, 1.2e-38, becomes 0, here and in every other rule with
/// momentum. Nesterov with momentum 0 is plain SGD. State: 4k bytes with momentum, none without;
/// nothing per worker.
/// </summary>
[Description("SGD: plain, heavy ball or local Nesterov; ASGD when workers are asynchronous.")]
[Plugin("sgd")]
internal sealed class Sgd(SgdOptions options) : IOptimizer
{
    private readonly float momentum = (float)options.Momentum;
    private NativeVector? velocity;

    public void Attach(RuleContext context) => velocity = momentum == 0 ? null : context.State.Vector("velocity");

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var eta = (float)update.LearningRate;
        if (velocity is null)
        {
            FusedPass.Run(new Plain(eta), gradient, parameters);
        }
        else if (options.Nesterov)
        {
            FusedPass.Run(new NesterovLocal(eta, momentum), gradient, velocity.Slice(update.Offset, gradient.Length), parameters);
        }
        else
        {
            FusedPass.Run(new HeavyBall(eta, momentum), gradient, velocity.Slice(update.Offset, gradient.Length), parameters);
        }
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) =>
        velocity is null ? gradient : velocity.Slice(update.Offset, gradient.Length);

    private readonly struct Plain(float eta) : IFormula11
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> theta) => theta -= eta * g;
    }

    private readonly struct NesterovLocal(float eta, float gamma) : IFormula12
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> v, ref Vector<float> theta)
        {
            v = MomentumStep.Next(gamma, v, g);
            theta -= eta * (g + (gamma * v));
        }
    }
}
