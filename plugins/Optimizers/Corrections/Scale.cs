using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>A gradient weighted by one number.</summary>
internal readonly struct Scale(float weight) : IFormula11
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(Vector<float> g, ref Vector<float> weighted) => weighted = weight * g;
}
