using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>What a prediction extrapolates.</summary>
public enum PredictionForm
{
    /// <summary>The velocity, at the present learning rate.</summary>
    Velocity,

    /// <summary>The last change of the parameters.</summary>
    Weight,
}

/// <summary>Options of <c>lwp</c>.</summary>
public sealed record LwpOptions(
    [Description("gamma.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9,
    [Description("T: updates to predict over, counted from 1 when fresh; without one, the number of workers.")][Range(0.0, 1e6)] double? Delay = null,
    [Description("Extrapolate the velocity, or the parameters' last change.")] PredictionForm Form = PredictionForm.Velocity);

/// <summary>
/// Linear weight prediction: workers compute where a constant velocity will have carried the
/// parameters after the expected delay.
/// <code>
/// on a push   v = gamma v + g;  theta -= eta v
/// sent        velocity form: theta - eta T v;   weight form: theta + T (theta_k - theta_(k-1))
/// </code>
/// Kosson, Chiley, Venigalla, Hestness, Koster: Pipelined backpropagation at scale, arXiv
/// 2003.11666, 2020, linear weight prediction; a pipeline's stage delay becomes a worker's here.
/// The formulas were not checked against the paper's text. T defaults to N, the mean of tau + 1
/// over workers of equal speed, as in comparisons with DANA. State: 4k bytes (velocity form) or 8k
/// (weight form), nothing per worker.
/// </summary>
[Description("Linear weight prediction: workers are sent the parameters of T updates ahead.")]
[Plugin("lwp")]
internal sealed class Lwp(LwpOptions options) : IOptimizer
{
    private NativeVector velocity = null!;
    private NativeVector? change;
    private double delay;

    public bool SendsParameters => false;

    public void Attach(RuleContext context)
    {
        delay = options.Delay ?? context.Workers;
        velocity = context.State.Vector("velocity");
        change = options.Form == PredictionForm.Weight ? context.State.Vector("change") : null;
    }

    public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
    {
        var scale = change is null ? -pull.LearningRate * delay : delay;
        ReadOnlySpan<float> direction = (change ?? velocity).Slice(pull.Offset, sent.Length);
        FusedPass.Run(new Ahead((float)scale), parameters, direction, sent);
    }

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var v = velocity.Slice(update.Offset, gradient.Length);
        var (eta, gamma) = ((float)update.LearningRate, (float)options.Momentum);
        if (change is null)
        {
            FusedPass.Run(new HeavyBall(eta, gamma), gradient, v, parameters);
        }
        else
        {
            FusedPass.Run(new Remembering(eta, gamma), gradient, v, change.Slice(update.Offset, gradient.Length), parameters);
        }
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => velocity.Slice(update.Offset, gradient.Length);

    private readonly struct Remembering(float eta, float gamma) : IFormula13
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> v, ref Vector<float> change, ref Vector<float> theta)
        {
            v = MomentumStep.Next(gamma, v, g);
            var next = theta - (eta * v);
            change = next - theta;
            theta = next;
        }
    }
}
