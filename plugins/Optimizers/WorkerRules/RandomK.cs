using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>random-k</c>.</summary>
public sealed record RandomKOptions(
    [Description("Share of the elements that a push keeps.")][Range(1e-9, 1.0)] double Ratio = 0.01);

/// <summary>
/// Random-k sparsification with error feedback: a push carries K elements drawn without
/// replacement, the others wait in a residual.
/// <code>r += g;  push = K elements of r drawn uniformly, 0 elsewhere;  r -= push;   K = ratio k</code>
/// Stich, Cordonnier, Jaggi: Sparsified SGD with memory, NeurIPS 2018. Deviations: as in the paper
/// nothing is scaled by k / K, but the residual is in the scale of gradients, not multiplied by the
/// learning rate. The draw is Knuth's selection sampling (algorithm S), one number per element.
/// Payload: 4 K bytes, values only, because both ends know the stream that the indices come from.
/// State per worker: 4k bytes.
/// </summary>
[Description("Pushes K random elements, the rest waits in a residual.")]
[Plugin("random-k")]
internal sealed class RandomK(RandomKOptions options) : IWorkerRule
{
    public int StateLength(int parameters) => parameters;

    public long PayloadBytes(int parameters) => 4L * Sparse.Kept(options.Ratio, parameters);

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        var residual = work.State;
        Sparse.Remember(push, residual);
        var wanted = Sparse.Kept(options.Ratio, push.Length);
        for (var i = 0; i < push.Length; i++)
        {
            if (work.Random.NextDouble() * (push.Length - i) < wanted)
            {
                wanted--;
                (push[i], residual[i]) = (residual[i], 0);
            }
            else
            {
                push[i] = 0;
            }
        }
    }
}
