using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

public sealed record UniformOptions(
    [Description("Shortest duration, ms.")][Range(0.0, 1e9)] double MinMs,
    [Description("Longest duration, ms; at least minMs.")][Range(0.0, 1e9)] double MaxMs);

/// <summary>Every duration between two bounds is equally likely.</summary>
[Description("Every duration between two bounds is equally likely.")]
[Plugin("uniform")]
internal sealed class Uniform : IDelay
{
    private readonly UniformOptions options;

    public Uniform(UniformOptions options)
    {
        if (options.MaxMs < options.MinMs)
        {
            throw new OptionException("maxMs", FormattableString.Invariant($"{options.MaxMs} is below minMs, {options.MinMs}; allowed: {options.MinMs} or more."));
        }

        this.options = options;
    }

    public double Milliseconds(in DelayDraw draw) => options.MinMs + (draw.Random.NextDouble() * (options.MaxMs - options.MinMs));
}
