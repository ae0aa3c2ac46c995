using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>delayed-nesterov</c>.</summary>
public sealed record DelayedNesterovOptions(
    [Description("b: decay of the momentum.")][Range(-0.999999, 0.999999)][AlsoKnownAs("mu", "gamma", "beta")] double Momentum = 0.9,
    [Description("c: share of the momentum in the updates between two changes of it, at most 1 / period.")][Range(0.0, 1.0)] double Share = 0,
    [Description("N: updates between two changes of the momentum; without one, the number of workers.")][Range(1, 1_000_000)] int? Period = null);

/// <summary>
/// Delayed Nesterov: pushes act at once, but the momentum changes only every N updates, by their
/// mean.
/// <code>
/// Delta += g
/// (t + 1) mod N = 0   m = b m + Delta / N;  theta -= eta ((1 - c N + c) b m + g / N);  Delta = 0
/// else                theta -= eta (c b m + g / N)
/// </code>
/// Liu, Chhaparia, Douillard, Kale, Rusu, Shen, Szlam, Ranzato: Asynchronous local-SGD training for
/// language modeling, arXiv 2401.09135, 2024, algorithm 3; there g is the change over a worker's
/// local steps (worker rule <c>local-steps</c>). No deviation; t counts server updates from 0.
/// State: 8k bytes, nothing per worker; 4k more of scratch when a correction watches the velocity,
/// which is the step divided by eta.
/// </summary>
[Description("Delayed Nesterov: pushes act at once, the momentum changes every N updates.")]
[Plugin("delayed-nesterov")]
internal sealed class DelayedNesterov(DelayedNesterovOptions options) : IOptimizer
{
    private NativeVector momentum = null!;
    private NativeVector gathered = null!;
    private NativeVector? direction;
    private int period;

    public void Attach(RuleContext context)
    {
        period = options.Period ?? context.Workers;
        if (options.Share * period > 1)
        {
            throw new OptionException("share", $"{options.Share} with a period of {period}; at most 1 / period is allowed.");
        }

        (momentum, gathered) = (context.State.Vector("momentum"), context.State.Vector("gathered"));
    }

    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var m = momentum.Slice(update.Offset, gradient.Length);
        var delta = gathered.Slice(update.Offset, gradient.Length);
        var step = new Step((float)update.LearningRate, DirectionOf(update), (float)options.Momentum, period, Changes(update));
        FusedPass.Run(step, gradient, m, delta, parameters);
    }

    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient)
    {
        // Scratch, not state: made anew at each call.
        direction ??= new NativeVector(momentum.Length);
        var step = direction.Slice(update.Offset, gradient.Length);
        ReadOnlySpan<float> m = momentum.Slice(update.Offset, gradient.Length);
        FusedPass.Run(DirectionOf(update), gradient, m, step);
        return step;
    }

    private bool Changes(in Update update) => (update.Version + 1) % period == 0;

    private Direction DirectionOf(in Update update)
    {
        var share = Changes(update) ? 1 - (options.Share * period) + options.Share : options.Share;
        return new Direction((float)(share * options.Momentum), period);
    }

    private readonly struct Direction(float share, float period) : IFormula21
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, Vector<float> m, ref Vector<float> step) => step = (share * m) + (g / period);
    }

    private readonly struct Step(float eta, Direction direction, float b, float period, bool changes) : IFormula13
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> m, ref Vector<float> delta, ref Vector<float> theta)
        {
            delta += g;
            if (changes)
            {
                m = (b * m) + (delta / period);
                delta = Vector<float>.Zero;
            }

            var step = Vector<float>.Zero;
            direction.Run(g, m, ref step);
            theta -= eta * step;
        }
    }
}
