using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Along which velocity a worker is sent ahead.</summary>
public enum LookAhead
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The worker's own.</summary>
    Self,

    /// <summary>The sum of all; this is <c>dana-zero</c>.</summary>
    All,
}

/// <summary>Options of <c>multi-asgd</c>.</summary>
public sealed record MultiAsgdOptions(
    [Description("gamma of every worker's velocity.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9,
    [Description("Along which velocity a worker is sent ahead.")] LookAhead LookAhead = LookAhead.None);

/// <summary>
/// Multi-ASGD: a velocity per worker, the ablation between <c>sgd</c> with one velocity and
/// <c>dana-zero</c>.
/// <code>
/// on a push from i   v^i = gamma v^i + g;  theta -= eta v^i
/// sent to i          none: theta;  self: theta - eta gamma v^i;  all: theta - eta gamma (sum of v^j)
/// </code>
/// Hakimi, Barkai, Gabel, Schuster: Taming momentum in a distributed asynchronous environment
/// (DANA), arXiv 1907.11612, 2019, ablation. The paper's variant is <c>none</c>; the others are
/// ours. State: 4k bytes per worker (from its first push), and 4k bytes for the sum.
/// </summary>
[Description("Multi-ASGD: a velocity per worker, no look-ahead by default.")]
[Plugin("multi-asgd")]
internal sealed class MultiAsgd(MultiAsgdOptions options) : IOptimizer
{
    private WorkerVelocities velocities = null!;

    public bool PerWorker => true;

    public bool SendsParameters => options.LookAhead == LookAhead.None;

    public void Attach(RuleContext context) => velocities = new WorkerVelocities(context.State, (float)options.Momentum);

    public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
    {
        var ahead = options.LookAhead switch
        {
            LookAhead.Self => velocities.Of(pull.Worker, pull.Offset, sent.Length),
            LookAhead.All => velocities.Sum(pull.Offset, sent.Length),
            _ => [],
        };
        if (ahead.IsEmpty)
        {
            parameters.CopyTo(sent);
        }
        else
        {
            FusedPass.Run(new Ahead((float)(-pull.LearningRate * options.Momentum)), parameters, ahead, sent);
        }
    }

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters) => velocities.Apply(update, gradient, parameters);

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) =>
        velocities.Of(update.Worker, update.Offset, gradient.Length);
}
