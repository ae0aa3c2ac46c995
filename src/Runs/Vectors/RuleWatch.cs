using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Numerics;

namespace Orchestrator.Runs;

/// <summary>
/// Writes down what rules do in a run and changes nothing: the run has the digest that it has
/// without. For asynchronous runs of models whose parameters are one tile.
/// </summary>
/// <param name="trajectory">Takes what they do.</param>
public sealed class RuleWatch(Trajectory trajectory)
{
    private float[] pushed = [];
    private float[] sent = [];

    /// <summary>The rules, watched.</summary>
    /// <param name="rule">A run's own.</param>
    public UpdateRule Watch(UpdateRule rule) => rule with
    {
        Optimizer = new Optimizer(rule.Optimizer, this),
        Corrections = [new Arrival((float)rule.WeightDecay, this), .. rule.Corrections],
        WeightDecay = 0,
    };

    private void Before(ReadOnlySpan<float> parameters)
    {
        if (trajectory.Parameters.Count == 0)
        {
            trajectory.Parameters.Add(parameters.ToArray());
        }
    }

    private void After(in Update update, ReadOnlySpan<float> gradient, ReadOnlySpan<float> parameters)
    {
        trajectory.Worker.Add(update.Worker);
        trajectory.VersionPulled.Add(update.Version - update.Staleness);
        trajectory.LearningRate.Add(update.LearningRate);
        trajectory.Sent.Add(sent);
        trajectory.Pushed.Add(pushed);
        trajectory.Corrected.Add(gradient.ToArray());
        trajectory.Parameters.Add(parameters.ToArray());
    }

    private sealed class Optimizer(IOptimizer inner, RuleWatch watch) : IOptimizer
    {
        public bool ElementWise => inner.ElementWise;

        public bool PerWorker => inner.PerWorker;

        public bool SendsParameters => inner.SendsParameters;

        public Payload Accepts => inner.Accepts;

        public void Attach(RuleContext context)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Layout.Length, FixedOrder.Piece, nameof(context));
            inner.Attach(context);
        }

        public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent) => inner.Send(pull, parameters, sent);

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            watch.Before(parameters);
            inner.Apply(update, gradient, parameters);
            watch.After(update, gradient, parameters);
        }

        public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => inner.Velocity(update, gradient);
    }

    // Before all corrections, in the place of the engine's weight decay, which is added as there.
    private sealed class Arrival(float weightDecay, RuleWatch watch) : ICorrection
    {
        public void Attach(RuleContext context)
        {
        }

        public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
        {
            (watch.pushed, watch.sent) = (gradient.ToArray(), push.Sent.ToArray());
            for (var i = 0; i < gradient.Length && weightDecay != 0; i++)
            {
                gradient[i] += weightDecay * reference[i];
            }
        }
    }
}
