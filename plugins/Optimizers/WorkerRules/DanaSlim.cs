using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>dana-slim</c>.</summary>
public sealed record DanaSlimOptions(
    [Description("gamma of the worker's velocity.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9);

/// <summary>
/// DANA-Slim: the worker keeps the velocity, the server stays plain <c>sgd</c> without momentum.
/// <code>v^i = gamma v^i + g;  push  u = g + gamma v^i;  server: theta -= eta u</code>
/// Hakimi, Barkai, Gabel, Schuster: Taming momentum in a distributed asynchronous environment
/// (DANA), arXiv 1907.11612, 2019; no deviation. At a constant learning rate, without weight decay,
/// corrections and drops, workers are sent the same points as by <c>dana-zero</c>, up to rounding.
/// State per worker: 4k bytes, travelling with work and push.
/// </summary>
[Description("DANA-Slim: the momentum of DANA at the worker, in front of plain sgd.")]
[Plugin("dana-slim")]
internal sealed class DanaSlim(DanaSlimOptions options) : IWorkerRule
{
    public int StateLength(int parameters) => parameters;

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        FusedPass.Run(new Step((float)options.Momentum), push, work.State, push);
    }

    private readonly struct Step(float gamma) : IFormula12
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> v, ref Vector<float> push)
        {
            v = MomentumStep.Next(gamma, v, g);
            push = g + (gamma * v);
        }
    }
}
