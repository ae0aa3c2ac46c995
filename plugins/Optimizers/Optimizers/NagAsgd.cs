using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>nag-asgd</c>.</summary>
public sealed record NagAsgdOptions(
    [Description("gamma.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9);

/// <summary>
/// Nesterov's accelerated gradient at the server: workers compute where the velocity will carry the
/// parameters in one update.
/// <code>
/// on a push   v = gamma v + g;  theta -= eta v
/// sent        theta - eta gamma v
/// </code>
/// The baseline NAG-ASGD of Hakimi, Barkai, Gabel, Schuster, arXiv 1907.11612, 2019. Not certain
/// from the paper: that one velocity is shared by all workers, as here. v is kept unscaled by eta;
/// eta in what is sent is the learning rate at the pull. State: 4k bytes, nothing per worker.
/// </summary>
[Description("Nesterov's gradient with one velocity, shared by all workers.")]
[Plugin("nag-asgd")]
internal sealed class NagAsgd(NagAsgdOptions options) : IOptimizer
{
    private NativeVector velocity = null!;

    public bool SendsParameters => false;

    public void Attach(RuleContext context) => velocity = context.State.Vector("velocity");

    public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
    {
        ReadOnlySpan<float> v = velocity.Slice(pull.Offset, sent.Length);
        FusedPass.Run(new Ahead((float)(-pull.LearningRate * options.Momentum)), parameters, v, sent);
    }

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var step = new HeavyBall((float)update.LearningRate, (float)options.Momentum);
        FusedPass.Run(step, gradient, velocity.Slice(update.Offset, gradient.Length), parameters);
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => velocity.Slice(update.Offset, gradient.Length);
}
