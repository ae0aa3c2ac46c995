using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Orchestrator.Models;

namespace Orchestrator.Kernels;

internal static class FmaPeak
{
    private const int Steps = 2_000_000;

    /// <summary>
    /// Ten independent chains of fused multiply-adds at the chosen width: the bound that no kernel
    /// passes. The best of several runs.
    /// </summary>
    public static double Measure()
    {
        var best = double.MaxValue;
        for (var run = 0; run < 12; run++)
        {
            var start = ProcessorTime.Milliseconds();
            var keep = VectorPaths.Choose() == VectorPath.Avx512 ? Run512() : Run256();
            best = Math.Min(best, ProcessorTime.Milliseconds() - start + (keep == 1 ? 1e-9 : 0));
        }

        var lanes = VectorPaths.Choose() == VectorPath.Avx512 ? 16 : 8;
        return Steps * 10.0 * 2 * lanes / best / 1e6;
    }

    private static float Run512()
    {
        var (x, y) = (Vector512.Create(1f), Vector512<float>.Zero);
        var (a, b, c, d, e) = (y, y, y, y, y);
        var (f, g, h, i, j) = (y, y, y, y, y);
        for (var step = 0; step < Steps; step++)
        {
            a = Avx512F.FusedMultiplyAdd(x, y, a);
            b = Avx512F.FusedMultiplyAdd(x, y, b);
            c = Avx512F.FusedMultiplyAdd(x, y, c);
            d = Avx512F.FusedMultiplyAdd(x, y, d);
            e = Avx512F.FusedMultiplyAdd(x, y, e);
            f = Avx512F.FusedMultiplyAdd(x, y, f);
            g = Avx512F.FusedMultiplyAdd(x, y, g);
            h = Avx512F.FusedMultiplyAdd(x, y, h);
            i = Avx512F.FusedMultiplyAdd(x, y, i);
            j = Avx512F.FusedMultiplyAdd(x, y, j);
        }

        return (a + b + c + d + e + f + g + h + i + j)[0];
    }

    private static float Run256()
    {
        var (x, y) = (Vector256.Create(1f), Vector256<float>.Zero);
        var (a, b, c, d, e) = (y, y, y, y, y);
        var (f, g, h, i, j) = (y, y, y, y, y);
        for (var step = 0; step < Steps; step++)
        {
            a = Fma.MultiplyAdd(x, y, a);
            b = Fma.MultiplyAdd(x, y, b);
            c = Fma.MultiplyAdd(x, y, c);
            d = Fma.MultiplyAdd(x, y, d);
            e = Fma.MultiplyAdd(x, y, e);
            f = Fma.MultiplyAdd(x, y, f);
            g = Fma.MultiplyAdd(x, y, g);
            h = Fma.MultiplyAdd(x, y, h);
            i = Fma.MultiplyAdd(x, y, i);
            j = Fma.MultiplyAdd(x, y, j);
        }

        return (a + b + c + d + e + f + g + h + i + j)[0];
    }
}
