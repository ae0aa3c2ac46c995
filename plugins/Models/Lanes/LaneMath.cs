using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>
/// Exponential, logarithm and hyperbolic tangent of our own, so that bits depend neither on the
/// operating system's library nor on the vector width. Range reductions and polynomials as in
/// Cephes (Moshier: Methods and Programs for Mathematical Functions, 1989: expf, logf, tanhf),
/// evaluated with fused multiply-add. Relative error below 2e-7.
/// </summary>
internal static class LaneMath<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    // 1.5 * 2^23: adding it leaves the nearest integer in the low bits.
    private const float RoundingShift = 12582912f;

    /// <summary>e^x for x at most 88; zero below -87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp(TLanes x)
    {
        var lowest = TLanes.Create(-87f);
        var isTiny = TLanes.Greater(lowest, x);
        x = TLanes.Max(lowest, x);
        var shifted = TLanes.FusedMultiplyAdd(x, TLanes.Create(1.44269504f), TLanes.Create(RoundingShift));
        var n = shifted - TLanes.Create(RoundingShift);
        var r = TLanes.FusedMultiplyAdd(n, TLanes.Create(-0.693359375f), x);
        r = TLanes.FusedMultiplyAdd(n, TLanes.Create(2.12194440e-4f), r);
        var p = TLanes.Create(1.9875691500e-4f);
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(1.3981999507e-3f));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(8.3334519073e-3f));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(4.1665795894e-2f));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(1.6666665459e-1f));
        p = TLanes.FusedMultiplyAdd(p, r, TLanes.Create(5.0000001201e-1f));
        p = TLanes.FusedMultiplyAdd(p, r * r, r + TLanes.Create(1f));
        return TLanes.Select(isTiny, TLanes.Create(0), TLanes.AddBits(p, TLanes.ShiftLeft(shifted, 23)));
    }

    /// <summary>Natural logarithm of a normal positive number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Log(TLanes x)
    {
        // x = 2^e m with m in [sqrt(1/2), sqrt(2)): the offset moves the exponent's step from 1 to
        // sqrt(1/2).
        var offset = TLanes.CreateBits(0x3F3504F3);
        var shifted = TLanes.AddBits(x, TLanes.CreateBits(unchecked(0u - 0x3F3504F3u + 0x3F800000u)));
        var biased = TLanes.Or(TLanes.ShiftRight(shifted, 23), TLanes.CreateBits(0x4B000000));
        var e = biased - TLanes.Create(8388608f + 127f);
        var m = TLanes.AddBits(TLanes.And(shifted, TLanes.CreateBits(0x007FFFFF)), offset) - TLanes.Create(1f);
        var p = TLanes.Create(7.0376836292e-2f);
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(-1.1514610310e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(1.1676998740e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(-1.2420140846e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(1.4249322787e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(-1.6668057665e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(2.0000714765e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(-2.4999993993e-1f));
        p = TLanes.FusedMultiplyAdd(p, m, TLanes.Create(3.3333331174e-1f));
        var square = m * m;
        var y = p * m * square;
        y = TLanes.FusedMultiplyAdd(e, TLanes.Create(-2.12194440e-4f), y);
        y = TLanes.FusedMultiplyAdd(TLanes.Create(-0.5f), square, y);
        return TLanes.FusedMultiplyAdd(e, TLanes.Create(0.693359375f), m + y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Tanh(TLanes x)
    {
        var sign = TLanes.And(x, TLanes.CreateBits(0x80000000));
        var size = TLanes.Xor(x, sign);
        var square = x * x;
        var p = TLanes.Create(-5.70498872745e-3f);
        p = TLanes.FusedMultiplyAdd(p, square, TLanes.Create(2.06390887954e-2f));
        p = TLanes.FusedMultiplyAdd(p, square, TLanes.Create(-5.37397155531e-2f));
        p = TLanes.FusedMultiplyAdd(p, square, TLanes.Create(1.33314422036e-1f));
        p = TLanes.FusedMultiplyAdd(p, square, TLanes.Create(-3.33332819422e-1f));
        var small = TLanes.FusedMultiplyAdd(p * square, x, x);

        // Beyond 10 the result is 1 in float32; a size that is not a number stays.
        var ten = TLanes.Create(10f);
        var bounded = TLanes.Select(TLanes.Greater(size, ten), ten, size);
        var large = TLanes.Create(1f) - (TLanes.Create(2f) / (Exp(bounded + bounded) + TLanes.Create(1f)));
        return TLanes.Select(TLanes.Greater(size, TLanes.Create(0.625f)), TLanes.Or(large, sign), small);
    }
}
