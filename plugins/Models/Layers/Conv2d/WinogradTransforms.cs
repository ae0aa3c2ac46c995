using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>
/// The transforms of Winograd's short form F(2x2, 3x3): 2x2 neighbouring sums of a 3x3 convolution
/// from 16 products instead of 36. With g the kernel and d the 4x4 places that it passes over, the
/// sums are Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A; the products are summed over channels before the last
/// transform. The weight gradient is the adjoint, Gᵀ[(A y Aᵀ) ⊙ (Bᵀ d B)]G with y the gradients of
/// the sums. Lavin, Gray: Fast Algorithms for Convolutional Neural Networks, CVPR 2016, section
/// 4.1, where A, B and G are given. Their entries are 0, ±1 and ±1/2, so that little accuracy is
/// lost.
/// </summary>
internal static unsafe class WinogradTransforms<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Bᵀ d B.</summary>
    /// <param name="places">d: 4x4 places.</param>
    /// <param name="length">Floats at each place.</param>
    /// <param name="to">Receives the first of 16 results.</param>
    /// <param name="plane">Floats from one result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Source(float** places, nint length, float* to, nint plane)
    {
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            var (a0, a1, a2, a3) = Differences(TLanes.Load(places[0] + i), TLanes.Load(places[4] + i), TLanes.Load(places[8] + i), TLanes.Load(places[12] + i));
            var (b0, b1, b2, b3) = Differences(TLanes.Load(places[1] + i), TLanes.Load(places[5] + i), TLanes.Load(places[9] + i), TLanes.Load(places[13] + i));
            var (c0, c1, c2, c3) = Differences(TLanes.Load(places[2] + i), TLanes.Load(places[6] + i), TLanes.Load(places[10] + i), TLanes.Load(places[14] + i));
            var (d0, d1, d2, d3) = Differences(TLanes.Load(places[3] + i), TLanes.Load(places[7] + i), TLanes.Load(places[11] + i), TLanes.Load(places[15] + i));
            Store(Differences(a0, b0, c0, d0), to + i, plane);
            Store(Differences(a1, b1, c1, d1), to + i + (4 * plane), plane);
            Store(Differences(a2, b2, c2, d2), to + i + (8 * plane), plane);
            Store(Differences(a3, b3, c3, d3), to + i + (12 * plane), plane);
        }
    }

    /// <summary>Aᵀ m A, added to what <paramref name="initial"/> says.</summary>
    /// <param name="from">m: 16 sums of products.</param>
    /// <param name="plane">Floats from one to the next.</param>
    /// <param name="length">Floats of each.</param>
    /// <param name="initial">2x2 places, or one value per channel at all four.</param>
    /// <param name="start">What <paramref name="initial"/> is.</param>
    /// <param name="rectify">Negative sums are stored as zero.</param>
    /// <param name="places">Receive the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sums(float* from, nint plane, nint length, float** initial, TileStart start, bool rectify, float** places)
    {
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            var (a0, a1) = Fold(from + i, 4 * plane);
            var (b0, b1) = Fold(from + i + plane, 4 * plane);
            var (c0, c1) = Fold(from + i + (2 * plane), 4 * plane);
            var (d0, d1) = Fold(from + i + (3 * plane), 4 * plane);
            var (s0, s1) = Fold(a0, b0, c0, d0);
            var (s2, s3) = Fold(a1, b1, c1, d1);
            if (start == TileStart.Bias)
            {
                var bias = TLanes.Broadcast(initial[0] + (i / TLanes.Count));
                (s0, s1, s2, s3) = (s0 + bias, s1 + bias, s2 + bias, s3 + bias);
            }
            else if (start == TileStart.Vectors)
            {
                (s0, s1) = (s0 + TLanes.Load(initial[0] + i), s1 + TLanes.Load(initial[1] + i));
                (s2, s3) = (s2 + TLanes.Load(initial[2] + i), s3 + TLanes.Load(initial[3] + i));
            }

            if (rectify)
            {
                var zero = TLanes.Create(0);
                (s0, s1, s2, s3) = (TLanes.Max(zero, s0), TLanes.Max(zero, s1), TLanes.Max(zero, s2), TLanes.Max(zero, s3));
            }

            TLanes.Store(places[0] + i, s0);
            TLanes.Store(places[1] + i, s1);
            TLanes.Store(places[2] + i, s2);
            TLanes.Store(places[3] + i, s3);
        }
    }

    /// <summary>A y Aᵀ.</summary>
    /// <param name="gradients">y: 2x2 places.</param>
    /// <param name="length">Floats at each place.</param>
    /// <param name="sums">The sum of the four places is added to it.</param>
    /// <param name="to">Receives the first of 16 results.</param>
    /// <param name="plane">Floats from one result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients(float** gradients, nint length, float* sums, float* to, nint plane)
    {
        for (nint i = 0; i < length; i += TLanes.Count)
        {
            var (a, b) = (TLanes.Load(gradients[0] + i), TLanes.Load(gradients[1] + i));
            var (c, d) = (TLanes.Load(gradients[2] + i), TLanes.Load(gradients[3] + i));
            TLanes.Store(sums + i, TLanes.Load(sums + i) + (a + b + (c + d)));
            Store(Unfold(a, b), to + i, plane);
            Store(Unfold(a + c, b + d), to + i + (4 * plane), plane);
            Store(Unfold(a - c, b - d), to + i + (8 * plane), plane);
            var zero = TLanes.Create(0);
            Store(Unfold(zero - c, zero - d), to + i + (12 * plane), plane);
        }
    }

    /// <summary>Zeroes gradients at 2x2 places where the value is not positive.</summary>
    public static void KeepWherePositive(float** values, float** gradients, nint length)
    {
        for (var place = 0; place < 4; place++)
        {
            Elementwise<TLanes>.MaskWhereNotPositive(values[place], gradients[place], (int)(length / TLanes.Count));
        }
    }

    /// <summary>Gᵀ u G.</summary>
    /// <param name="from">u: 16 vectors.</param>
    /// <param name="plane">Floats from one to the next.</param>
    /// <param name="to">Receives 3x3 vectors, one behind the other.</param>
    public static void KernelGradient(float* from, nint plane, float* to)
    {
        var step = TLanes.Count;
        var columns = stackalloc TLanes[12];
        for (var place = 0; place < 4; place++)
        {
            var column = from + (place * plane);
            (columns[place], columns[4 + place], columns[8 + place]) = Gather(
                TLanes.Load(column), TLanes.Load(column + (4 * plane)), TLanes.Load(column + (8 * plane)), TLanes.Load(column + (12 * plane)));
        }

        for (var line = 0; line < 3; line++, to += 3 * step)
        {
            var (first, second, third) = Gather(columns[4 * line], columns[(4 * line) + 1], columns[(4 * line) + 2], columns[(4 * line) + 3]);
            TLanes.Store(to, first);
            TLanes.Store(to + step, second);
            TLanes.Store(to + (2 * step), third);
        }
    }

    // Bᵀ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes, TLanes, TLanes, TLanes) Differences(TLanes a, TLanes b, TLanes c, TLanes d) => (a - c, b + c, c - b, b - d);

    // Aᵀ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes, TLanes) Fold(TLanes a, TLanes b, TLanes c, TLanes d) => (a + b + c, b - c - d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes, TLanes) Fold(float* from, nint step) =>
        Fold(TLanes.Load(from), TLanes.Load(from + step), TLanes.Load(from + (2 * step)), TLanes.Load(from + (3 * step)));

    // A.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes, TLanes, TLanes, TLanes) Unfold(TLanes a, TLanes b) => (a, a + b, a - b, TLanes.Create(0) - b);

    // Gᵀ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes, TLanes, TLanes) Gather(TLanes a, TLanes b, TLanes c, TLanes d)
    {
        var half = TLanes.Create(0.5f);
        var sum = (b + c) * half;
        return (a + sum, (b - c) * half, sum + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store((TLanes A, TLanes B, TLanes C, TLanes D) line, float* to, nint plane)
    {
        TLanes.Store(to, line.A);
        TLanes.Store(to + plane, line.B);
        TLanes.Store(to + (2 * plane), line.C);
        TLanes.Store(to + (3 * plane), line.D);
    }
}
