using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>dana-zero</c>.</summary>
public sealed record DanaZeroOptions(
    [Description("gamma of every worker's velocity.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9);

/// <summary>
/// DANA-Zero: one velocity per worker, and each worker is sent the point where the velocities of
/// all of them will have carried the parameters.
/// <code>
/// on a push from i   v^i = gamma v^i + g;  theta -= eta v^i;  S = sum of v^j over all j
/// sent               theta - eta gamma S
/// </code>
/// Hakimi, Barkai, Gabel, Schuster: Taming momentum in a distributed asynchronous environment
/// (DANA), arXiv 1907.11612, 2019. Deviations: S is kept up by adding the change of v^i, and
/// computed anew from the v^i every 1,000 updates; eta is the learning rate at the pull. State: 4k
/// bytes per worker (from its first push), and 4k bytes for S.
/// </summary>
[Description("DANA-Zero: a velocity per worker, each sent the point where all of them lead.")]
[Plugin("dana-zero")]
internal sealed class DanaZero(DanaZeroOptions options) : IOptimizer
{
    private readonly float momentum = (float)options.Momentum;
    private WorkerVelocities velocities = null!;

    public bool PerWorker => true;

    public bool SendsParameters => false;

    public void Attach(RuleContext context) => velocities = new WorkerVelocities(context.State, momentum);

    public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent) =>
        FusedPass.Run(new Ahead((float)(-pull.LearningRate * options.Momentum)), parameters, velocities.Sum(pull.Offset, sent.Length), sent);

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters) => velocities.Apply(update, gradient, parameters);

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) =>
        velocities.Of(update.Worker, update.Offset, gradient.Length);
}
