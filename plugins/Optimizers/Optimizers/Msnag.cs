using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>msnag</c>.</summary>
public sealed record MsnagOptions(
    [Description("gamma.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9,
    [Description("D: updates to look ahead over, counted from 1 when fresh; without one, the number of workers.")][Range(0, 1_000_000)] int? Delay = null);

/// <summary>
/// Multi-step NAG: as <c>lwp</c>, but the velocity that carries the parameters ahead decays as it
/// would without further gradients.
/// <code>
/// on a push   v = gamma v + g;  theta -= eta v
/// sent        theta - eta (gamma + gamma^2 + ... + gamma^D) v = theta - eta (gamma - gamma^(D+1)) / (1 - gamma) v
/// </code>
/// From the public code of Hakimi, Barkai, Gabel, Schuster (DANA, arXiv 1907.11612, 2019); no
/// publication of its own is known to us. D defaults to N, the mean of tau + 1 over workers of
/// equal speed; D = 1 is <c>nag-asgd</c>. State: 4k bytes, nothing per worker.
/// </summary>
[Description("Multi-step Nesterov: workers are sent D decaying steps ahead.")]
[Plugin("msnag")]
internal sealed class Msnag(MsnagOptions options) : IOptimizer
{
    private NativeVector velocity = null!;
    private double reach;

    public bool SendsParameters => false;

    public void Attach(RuleContext context)
    {
        var (gamma, delay) = (options.Momentum, options.Delay ?? context.Workers);
        reach = (gamma - Elementary.Power(gamma, delay + 1L)) / (1 - gamma);
        velocity = context.State.Vector("velocity");
    }

    public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
    {
        ReadOnlySpan<float> v = velocity.Slice(pull.Offset, sent.Length);
        FusedPass.Run(new Ahead((float)(-pull.LearningRate * reach)), parameters, v, sent);
    }

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var step = new HeavyBall((float)update.LearningRate, (float)options.Momentum);
        FusedPass.Run(step, gradient, velocity.Slice(update.Offset, gradient.Length), parameters);
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => velocity.Slice(update.Offset, gradient.Length);
}
