using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of <c>my-plugin</c>: what a pipeline can write beside its type.</summary>
public sealed record MyPluginOptimizerOptions(
    [Description("beta of the running mean whose sign is taken; 0 takes the gradient's own.")][Range(0.0, 0.999999)] double Momentum = 0.9);

/// <summary>
/// Descent by the sign of a running mean of gradients:
/// <code>
/// m = beta m + (1 - beta) g;  theta -= eta sign(m)
/// </code>
/// Bernstein et al.: signSGD, ICML 2018, arXiv 1802.04434 (there with momentum called Signum). No deviations.
/// </summary>
[Plugin("my-plugin")]
[Description("Descent by the sign of a running mean of gradients.")]
internal sealed class MyPluginOptimizer(MyPluginOptimizerOptions options) : IOptimizer
{
    private readonly float beta = (float)options.Momentum;
    private NativeVector mean = null!;

    /// <summary>Whatever a rule remembers lives in the engine's state, which saves and restores it.</summary>
    public void Attach(RuleContext context) => mean = context.State.Vector("mean");

    /// <summary>Called tile by tile: <paramref name="update"/> says where in the vectors the tile starts.</summary>
    public void Apply(in Update update, ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        var m = mean.Slice(update.Offset, gradient.Length);
        var eta = (float)update.LearningRate;
        for (var i = 0; i < gradient.Length; i++)
        {
            m[i] = (beta * m[i]) + ((1 - beta) * gradient[i]);
            parameters[i] -= m[i] == 0 ? 0 : eta * (m[i] / MathF.Abs(m[i]));
        }
    }

    /// <summary>What corrections such as gap-aware take for the velocity.</summary>
    public ReadOnlySpan<float> Velocity(in Update update, ReadOnlySpan<float> gradient) => mean.Slice(update.Offset, gradient.Length);
}
