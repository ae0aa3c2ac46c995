using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>
/// v = gamma v + g; theta -= eta v. The update of every rule here that differs only in what it
/// sends.
/// </summary>
internal readonly struct HeavyBall(float eta, float gamma) : IFormula12
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(Vector<float> g, ref Vector<float> v, ref Vector<float> theta)
    {
        v = MomentumStep.Next(gamma, v, g);
        theta -= eta * v;
    }
}

/// <summary>theta + scale d: a look-ahead along a direction.</summary>
internal readonly struct Ahead(float scale) : IFormula21
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(Vector<float> theta, Vector<float> d, ref Vector<float> sent) => sent = theta + (scale * d);
}
