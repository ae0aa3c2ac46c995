using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of the delay <c>my-plugin</c>.</summary>
public sealed record MyPluginDelayOptions(
    [Description("An ordinary duration, ms.")][Range(0.0, 1e9)] double Ms,
    [Description("Probability of a hiccup.")][Range(0.0, 1.0)] double Probability = 0.05,
    [Description("How many times as long a duration with a hiccup takes.")][Range(1.0, 1e6)] double Slowdown = 10);

/// <summary>
/// A machine that stumbles now and then: a duration is <c>ms</c>, or, with the given probability,
/// <c>slowdown</c> times as long. Every draw stands by itself.
/// </summary>
[Plugin("my-plugin")]
[Description("Constant durations with a hiccup now and then.")]
internal sealed class MyPluginDelay(MyPluginDelayOptions options) : IDelay
{
    /// <summary>Remembers nothing: a draw that is made again gives the same duration.</summary>
    public double Milliseconds(in DelayDraw draw) => draw.Random.NextDouble() < options.Probability ? options.Ms * options.Slowdown : options.Ms;
}
