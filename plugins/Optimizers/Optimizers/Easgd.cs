using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>easgd</c>.</summary>
public sealed record EasgdOptions(
    [Description("Elasticity of one exchange; without one, 0.9 / workers.")][Range(0.0, 1.0)] double? Alpha = null);

/// <summary>
/// Elastic averaging: workers keep parameters of their own, and each exchange pulls a worker and
/// the centre towards each other.
/// <code>
/// worker       T local steps from what it was sent; pushes x^i           (worker rule local-steps with push "parameters", T = 10)
/// on a push    e = alpha (x^i - theta);  theta += e
/// sent to i    x^i - e;  theta before its first push
/// </code>
/// Zhang, Choromanska, LeCun: Deep learning with elastic averaging SGD, NIPS 2015, algorithm 1.
/// EAMSGD, algorithm 2, is the same with a momentum in <c>local-steps</c>. Deviation: worker and
/// server exchange after the local steps, so that e is computed on the centre that the push meets,
/// and the worker goes on from x^i - e only when it is answered. The learning rate acts in the
/// local steps alone. State: 4k bytes per worker, what it is sent next. It takes parameters, not
/// gradients: weight decay, corrections, means and overlapped pulls do not apply.
/// </summary>
[Description("Elastic averaging: a worker's own parameters and the centre attract each other.")]
[Plugin("easgd")]
internal sealed class Easgd(EasgdOptions options) : IOptimizer
{
    private WorkerVectors locals = null!;
    private float alpha;

    public bool PerWorker => true;

    public bool SendsParameters => false;

    public Payload Accepts => Payload.Parameters;

    public void Attach(RuleContext context)
    {
        alpha = (float)(options.Alpha ?? (0.9 / context.Workers));
        locals = context.State.PerWorker("local");
    }

    public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
    {
        if (locals.Has(pull.Worker))
        {
            locals[pull.Worker].Slice(pull.Offset, sent.Length).CopyTo(sent);
        }
        else
        {
            parameters.CopyTo(sent);
        }
    }

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters) =>
        FusedPass.Run(new Elastic(alpha), gradient, locals[update.Worker].Slice(update.Offset, gradient.Length), parameters);

    private readonly struct Elastic(float alpha) : IFormula12
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> x, ref Vector<float> local, ref Vector<float> centre)
        {
            var e = alpha * (x - centre);
            centre += e;
            local = x - e;
        }
    }
}
