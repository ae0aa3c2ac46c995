using MathNet.Numerics.Distributions;
using Orchestrator.Abstractions;

namespace Orchestrator.Fixtures;

/// <summary>A plugin with a library that the host has too.</summary>
[Plugin("erlang")]
internal sealed class ErlangDelay : IDelay
{
    public double Milliseconds(in DelayDraw draw) => Erlang.Sample(draw.Random, 3, 1);
}
