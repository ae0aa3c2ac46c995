namespace Orchestrator.Models;

/// <summary>
/// The transform of a 3x3 kernel, G g Gᵀ; <see cref="WinogradTransforms{TLanes}"/>.
/// </summary>
internal static unsafe class WinogradKernel
{
    /// <param name="g">The kernel.</param>
    /// <param name="transposed">True for the kernel transposed upside down and back to front, as a
    /// convolution backward to its data wants it.</param>
    /// <param name="to">Receives the first of 16 results.</param>
    /// <param name="plane">Floats from one result to the next.</param>
    public static void Transform(float* g, bool transposed, float* to, nint plane)
    {
        var first = transposed ? g + 8 : g;
        var step = transposed ? -1 : 1;
        var columns = stackalloc float[12];
        for (var place = 0; place < 3; place++, first += step)
        {
            Spread(first[0], first[3 * step], first[6 * step], columns + place, 3);
        }

        for (var line = 0; line < 4; line++, to += 4 * plane)
        {
            Spread(columns[3 * line], columns[(3 * line) + 1], columns[(3 * line) + 2], to, plane);
        }
    }

    // G.
    private static void Spread(float a, float b, float c, float* to, nint step)
    {
        var (half, middle) = ((a + c) * 0.5f, b * 0.5f);
        to[0] = a;
        to[step] = half + middle;
        to[2 * step] = half - middle;
        to[3 * step] = c;
    }
}
