using System.Numerics;
using System.Runtime.CompilerServices;

namespace Orchestrator.Optimizers;

/// <summary>
/// The velocity of every momentum rule here: gamma v + g. Deviation: a result below the smallest
/// normal number (1.2e-38) is zero. Where gradients end, as behind a rectifier that is off for
/// good, a velocity would otherwise decay into subnormal numbers and stay there, and processors
/// take a hundred times as long for those.
/// </summary>
internal static class MomentumStep
{
    private const float SmallestNormal = 1.17549435e-38f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Next(float gamma, Vector<float> velocity, Vector<float> gradient)
    {
        var next = (gamma * velocity) + gradient;
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(next), new Vector<float>(SmallestNormal)), Vector<float>.Zero, next);
    }
}
