namespace Orchestrator.Datasets;

/// <summary>
/// Resizes images with a triangle filter whose width grows with the reduction (bilinear with
/// antialiasing): columns first, then rows, each rounded to bytes, weights in 22 bits. The same
/// bytes as Pillow's <c>resize</c> with BILINEAR.
/// </summary>
internal static class Resampling
{
    private const int Bits = 22;
    private const int Half = 1 << (Bits - 1);

    /// <param name="pixels"><c>[height, width, channels]</c>.</param>
    /// <param name="height">Of the image.</param>
    /// <param name="width">Of the image.</param>
    /// <param name="channels">Bytes of a pixel.</param>
    /// <param name="newHeight">Of the result.</param>
    /// <param name="newWidth">Of the result.</param>
    public static byte[] Resize(byte[] pixels, int height, int width, int channels, int newHeight, int newWidth)
    {
        var wide = width == newWidth ? pixels : Columns(pixels, height, width, channels, newWidth);
        return height == newHeight ? wide : Rows(wide, height, newWidth * channels, newHeight);
    }

    private static byte[] Columns(byte[] pixels, int height, int width, int channels, int newWidth)
    {
        var result = new byte[height * newWidth * channels];
        var (starts, weights, support) = Weights(width, newWidth);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < newWidth; column++)
            {
                var start = starts[column];
                var taps = weights.AsSpan(column * support, support);
                for (var channel = 0; channel < channels; channel++)
                {
                    var sum = Half;
                    for (var i = 0; i < support && start + i < width; i++)
                    {
                        sum += pixels[(((row * width) + start + i) * channels) + channel] * taps[i];
                    }

                    result[(((row * newWidth) + column) * channels) + channel] = Byte(sum);
                }
            }
        }

        return result;
    }

    private static byte[] Rows(byte[] pixels, int height, int length, int newHeight)
    {
        var result = new byte[newHeight * length];
        var (starts, weights, support) = Weights(height, newHeight);
        for (var row = 0; row < newHeight; row++)
        {
            var start = starts[row];
            var taps = weights.AsSpan(row * support, support);
            for (var at = 0; at < length; at++)
            {
                var sum = Half;
                for (var i = 0; i < support && start + i < height; i++)
                {
                    sum += pixels[((start + i) * length) + at] * taps[i];
                }

                result[(row * length) + at] = Byte(sum);
            }
        }

        return result;
    }

    // Of each new element: the first old one that counts, and the weights from there on, 0 at the
    // end.
    private static (int[] Starts, int[] Weights, int Support) Weights(int size, int newSize)
    {
        var scale = (double)size / newSize;
        var radius = Math.Max(scale, 1);
        var support = ((int)Math.Ceiling(radius) * 2) + 1;
        var (starts, weights, taps) = (new int[newSize], new int[newSize * support], new double[support]);
        for (var i = 0; i < newSize; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - radius + 0.5));
            var count = Math.Min(size, (int)(centre + radius + 0.5)) - first;
            var sum = 0.0;
            for (var tap = 0; tap < count; tap++)
            {
                taps[tap] = Math.Max(0, 1 - Math.Abs((first + tap - centre + 0.5) * (1 / radius)));
                sum += taps[tap];
            }

            starts[i] = first;
            for (var tap = 0; tap < count; tap++)
            {
                weights[(i * support) + tap] = (int)(0.5 + (taps[tap] / sum * (1 << Bits)));
            }
        }

        return (starts, weights, support);
    }

    private static byte Byte(int sum) => (byte)Math.Clamp(sum >> Bits, 0, 255);
}
