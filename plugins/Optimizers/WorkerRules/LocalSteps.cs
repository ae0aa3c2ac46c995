using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>local-steps</c>.</summary>
public sealed record LocalStepsOptions(
    [Description("T: gradients (batches) and local steps per push.")][Range(1, 1_000_000)] int Steps = 10,
    [Description("Learning rate of the local steps; without one, the server's at the pull.")][Range(0.0, 1e6)] double? LearningRate = null,
    [Description("Momentum of the local steps; its velocity stays with the worker from push to push.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0,
    [Description("The steps' sum in the scale of a gradient, or the worker's parameters (for easgd).")] Payload Push = Payload.Gradient);

/// <summary>
/// Local SGD: T steps on the worker's own batches from what it was sent, then one push.
/// <code>
/// x = sent;  T times:  v = gamma v + g(x - eta gamma v);  x -= eta v     (momentum 0:  x -= eta g(x))
/// push  gradient: the sum of the T steps v = (sent - x) / eta;  parameters: x
/// </code>
/// McMahan et al.: Communication-efficient learning of deep networks from decentralized data,
/// AISTATS 2017; Stich: Local SGD converges fast and communicates little, ICLR 2019. With momentum
/// it is the worker's half of EAMSGD (Zhang, Choromanska, LeCun, NIPS 2015, equation 9, there with
/// eta inside v). Deviation: the sum is accumulated instead of divided back out of x, so that one
/// step pushes exactly the gradient; the server's learning rate then scales the whole sum. State
/// per worker: none, or 4k bytes with momentum (they travel with work and push). Scratch: up to 12k
/// bytes per core.
/// </summary>
[Description("Local SGD: several steps on the worker's own batches, then one push.")]
[Plugin("local-steps")]
internal sealed class LocalSteps(LocalStepsOptions options) : IWorkerRule
{
    private readonly float momentum = (float)options.Momentum;

    public int Batches => options.Steps;

    public Payload Payload => options.Push;

    // The worker's parameters, one gradient, and with momentum the point ahead.
    public int ScratchVectors => momentum == 0 ? 2 : 3;

    public int StateLength(int parameters) => momentum == 0 ? 0 : parameters;

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        var eta = (float)(options.LearningRate ?? work.LearningRate);
        var x = work.Scratch[..push.Length];
        var gradient = work.Scratch.Slice(push.Length, push.Length);
        work.Sent.CopyTo(x);
        push.Fill(-0f); // the sum of nothing: adding to it changes no bit, not even of a negative zero
        for (var step = 0; step < options.Steps; step++)
        {
            if (momentum == 0)
            {
                gradients.Next(x, gradient);
            }
            else
            {
                Momentum(work, gradients, eta, x, gradient);
            }

            FusedPass.Run(new Walk(eta), gradient, x, push);
        }

        if (options.Push == Payload.Parameters)
        {
            x.CopyTo(push);
        }
    }

    // Leaves the velocity in gradient's place.
    private void Momentum(in WorkerRuleWork work, IGradients gradients, float eta, ReadOnlySpan<float> x, Span<float> gradient)
    {
        var ahead = work.Scratch.Slice(2 * x.Length, x.Length);
        ReadOnlySpan<float> velocity = work.State;
        FusedPass.Run(new Ahead(-eta * momentum), x, velocity, ahead);
        gradients.Next(ahead, gradient);
        FusedPass.Run(new Accumulate(momentum), gradient, work.State);
        work.State.CopyTo(gradient);
    }

    private readonly struct Walk(float eta) : IFormula12
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> step, ref Vector<float> x, ref Vector<float> sum)
        {
            x -= eta * step;
            sum += step;
        }
    }

    private readonly struct Accumulate(float gamma) : IFormula11
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> v) => v = MomentumStep.Next(gamma, v, g);
    }
}
