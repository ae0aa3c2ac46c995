using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Models;

/// <summary>
/// a·b + c, rounded once, where the processor has no such instruction: exact, and some thirty times
/// slower. The product is exact in double precision; its sum with c is rounded to odd there (Boldo
/// and Melquiond: Emulation of a FMA and correctly rounded sums, 2008), so that rounding it to
/// float32 is the only rounding that counts. The C library's own fma is not asked: old ones are not
/// exact.
/// </summary>
internal static class FusedProduct
{
    /// <summary>True where the processor has the instruction.</summary>
    public static bool IsFast => Fma.IsSupported || AdvSimd.IsSupported;

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        var low = ToOdd(Vector128.WidenLower(a) * Vector128.WidenLower(b), Vector128.WidenLower(c));
        var high = ToOdd(Vector128.WidenUpper(a) * Vector128.WidenUpper(b), Vector128.WidenUpper(c));
        return Vector128.Narrow(low, high);
    }

    public static float Add(float a, float b, float c) => (float)ToOdd(Vector128.CreateScalar((double)a * b), Vector128.CreateScalar((double)c)).ToScalar();

    // The sum, or where it is not exact that one of its two neighbours whose last bit is set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ToOdd(Vector128<double> product, Vector128<double> addend)
    {
        var sum = product + addend;
        var part = sum - product;
        var error = (product - (sum - part)) + (addend - part);

        // Away from zero where error and sum have one sign. What is not finite has an error that is
        // not a number, and stays.
        var isInexact = (Vector128.GreaterThan(error, Vector128<double>.Zero) | Vector128.LessThan(error, Vector128<double>.Zero)).AsInt64();
        var bits = sum.AsInt64();
        var isEven = Vector128.Equals(bits & Vector128<long>.One, Vector128<long>.Zero);
        var isOpposite = Vector128.LessThan(bits ^ error.AsInt64(), Vector128<long>.Zero);
        var step = Vector128.ConditionalSelect(isOpposite, -Vector128<long>.One, Vector128<long>.One);
        return (bits + (step & isInexact & isEven)).AsDouble();
    }
}
