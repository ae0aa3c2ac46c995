using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

public sealed record ConstantOptions([Description("The duration, ms.")][Range(0.0, 1e9)] double Ms);

/// <summary>Always the same duration.</summary>
[Description("Always the same duration.")]
[Plugin("constant")]
internal sealed class Constant(ConstantOptions options) : IDelay
{
    public double Milliseconds(in DelayDraw draw) => options.Ms;
}
