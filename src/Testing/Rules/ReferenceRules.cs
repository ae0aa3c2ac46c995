using Orchestrator.Abstractions;

namespace Orchestrator.Testing;

/// <summary>
/// v = gamma v + g; theta -= eta v, in a scalar loop: what corrections are run with.
/// </summary>
internal sealed class ReferenceHeavyBall(float momentum = 0.9f) : IOptimizer
{
    private NativeVector velocity = null!;

    public void Attach(RuleContext context) => velocity = context.State.Vector("velocity");

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var v = velocity.Slice(update.Offset, gradient.Length);
        for (var i = 0; i < v.Length; i++)
        {
            v[i] = (momentum * v[i]) + gradient[i];
            parameters[i] -= (float)update.LearningRate * v[i];
        }
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => velocity.Slice(update.Offset, gradient.Length);
}

/// <summary>
/// One local step, then the worker's parameters: what optimizers that take parameters are run with.
/// </summary>
internal sealed class ReferenceLocalStep : IWorkerRule
{
    public Payload Payload => Payload.Parameters;

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        for (var i = 0; i < push.Length; i++)
        {
            push[i] = work.Sent[i] - ((float)work.LearningRate * push[i]);
        }
    }
}

/// <summary>Changes nothing, but watches the velocity.</summary>
internal sealed class ReferenceWatcher : ICorrection
{
    public void Attach(RuleContext context)
    {
    }

    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
    }
}
