using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace My.Plugin;

/// <summary>Options of the correction <c>my-plugin</c>.</summary>
public sealed record MyPluginCorrectionOptions(
    [Description("What each update between pull and arrival multiplies the gradient by.")][Range(0.0, 1.0)] double Decay = 0.8);

/// <summary>
/// A gradient counts less for every update that it missed:
/// <code>
/// g = decay^staleness g
/// </code>
/// No state.
/// </summary>
[Plugin("my-plugin")]
[Description("A gradient counts less for every update that it missed.")]
internal sealed class MyPluginCorrection(MyPluginCorrectionOptions options) : ICorrection
{
    /// <summary>It remembers nothing; what it did would come from <c>context.State</c>, which the engine saves.</summary>
    public void Attach(RuleContext context)
    {
    }

    /// <summary>Called tile by tile, with the same <paramref name="push"/>: each element is treated by itself.</summary>
    public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
    {
        // The program's own power: the same bits on every processor and system.
        var factor = (float)Elementary.Power(options.Decay, push.Staleness);
        foreach (ref var element in gradient)
        {
            element *= factor;
        }
    }
}
