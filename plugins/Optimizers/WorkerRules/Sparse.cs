using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>
/// What sparsifying rules share: how many elements a ratio keeps, and the residual that remembers
/// the others.
/// </summary>
internal static class Sparse
{
    /// <summary>Elements kept of k: the nearest integer to ratio k, at least 1.</summary>
    public static int Kept(double ratio, int parameters) => Math.Clamp((int)Math.Round(ratio * parameters), 1, parameters);

    /// <summary>Adds the gradient to the residual.</summary>
    public static void Remember(ReadOnlySpan<float> gradient, Span<float> residual) => FusedPass.Run(default(Add), gradient, residual);

    private readonly struct Add : IFormula11
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> residual) => residual += g;
    }
}
