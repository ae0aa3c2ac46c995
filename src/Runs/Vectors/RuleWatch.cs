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
    private readonly Dictionary<int, float[]> lookAheads = [];
    private float[]? pushed;
    private float[]? sent;

    /// <summary>The rules, watched.</summary>
    /// <param name="rule">A run's own.</param>
    public UpdateRule Watch(UpdateRule rule) => rule with
    {
        Optimizer = new Optimizer(rule.Optimizer, this),
        Corrections = rule.Corrections.Count == 0 ? [] : [new Correction(rule.Corrections[0], this), .. rule.Corrections.Skip(1)],
    };

    private void Took(in Push push, ReadOnlySpan<float> gradient) => (pushed, sent) = (gradient.ToArray(), push.Sent.ToArray());

    private void Before(ReadOnlySpan<float> parameters)
    {
        if (trajectory.Parameters.Count == 0)
        {
            trajectory.Parameters.Add(parameters.ToArray());
        }
    }

    private void After(in Update update, ReadOnlySpan<float> gradient, ReadOnlySpan<float> parameters)
    {
        var pulled = update.Version - update.Staleness;
        trajectory.Worker.Add(update.Worker);
        trajectory.VersionPulled.Add(pulled);
        trajectory.LearningRate.Add(update.LearningRate);
        trajectory.Sent.Add(sent ?? lookAheads.GetValueOrDefault(update.Worker) ?? trajectory.Parameters[(int)pulled]);
        trajectory.Pushed.Add(pushed ?? gradient.ToArray());
        trajectory.Corrected.Add(gradient.ToArray());
        trajectory.Parameters.Add(parameters.ToArray());
        (pushed, sent) = (null, null);
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

        public void Send(in Pull pull, ReadOnlySpan<float> parameters, Span<float> sent)
        {
            inner.Send(pull, parameters, sent);
            watch.lookAheads[pull.Worker] = sent.ToArray();
        }

        public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
        {
            watch.Before(parameters);
            inner.Apply(update, gradient, parameters);
            watch.After(update, gradient, parameters);
        }

        public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => inner.Velocity(update, gradient);
    }

    // The first of them sees what was pushed.
    private sealed class Correction(ICorrection inner, RuleWatch watch) : ICorrection
    {
        public bool ElementWise => inner.ElementWise;

        public bool ComparesLookAhead => inner.ComparesLookAhead;

        public void Attach(RuleContext context) => inner.Attach(context);

        public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
        {
            watch.Took(push, gradient);
            inner.Correct(push, reference, gradient);
        }

        public void Applied(in Update update, ReadOnlySpan<float> velocity) => inner.Applied(update, velocity);
    }
}
