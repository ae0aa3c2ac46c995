namespace Orchestrator.Datasets;

/// <summary>
/// <c>(pixel / 255 - mean) / standard deviation</c> as one multiplication and one addition per
/// pixel. Mean and standard deviation (of the population) are taken over all training pixels of a
/// channel, from exact integer sums, so they do not depend on an order of summation.
/// </summary>
internal sealed class Normalization
{
    private readonly (double Mean, double Deviation)[] channels;

    private Normalization((double Mean, double Deviation)[] channels) => this.channels = channels;

    public int Channels => channels.Length;

    /// <summary>Of <c>pixel / 255</c>: 0 to 1.</summary>
    public double Mean(int channel) => channels[channel].Mean;

    /// <summary>
    /// Of <c>pixel / 255</c>; 0 where all training pixels are equal, which are then only centred.
    /// </summary>
    public double Deviation(int channel) => channels[channel].Deviation;

    public float Scale(int channel) => (float)(1 / (255 * Divisor(channel)));

    public float Shift(int channel) => (float)(-Mean(channel) / Divisor(channel));

    /// <param name="pixels">Training pixels, <c>[sample, channel, position]</c>, at least one
    /// sample.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="plane">Bytes of one channel of one sample.</param>
    public static Normalization Of(ReadOnlySpan<byte> pixels, int channels, int plane)
    {
        var count = pixels.Length / channels;
        var sums = new long[channels];
        var squares = new long[channels];
        for (var channel = 0; pixels.Length > 0; channel = (channel + 1) % channels, pixels = pixels[plane..])
        {
            AddSums(pixels[..plane], ref sums[channel], ref squares[channel]);
        }

        return new Normalization([.. sums.Zip(squares, (sum, square) => MeanAndDeviation(sum, square, count))]);
    }

    /// <summary><c>pixel / 255</c>.</summary>
    public static Normalization None(int channels) => new([.. Enumerable.Repeat((0.0, 1.0), channels)]);

    private static void AddSums(ReadOnlySpan<byte> plane, ref long sum, ref long squares)
    {
        // 32 bits hold 66,000 squares of a byte.
        for (; plane.Length > 0; plane = plane[Math.Min(plane.Length, 65_536)..])
        {
            uint blockSum = 0, blockSquares = 0;
            foreach (var pixel in plane[..Math.Min(plane.Length, 65_536)])
            {
                blockSum += pixel;
                blockSquares += (uint)(pixel * pixel);
            }

            sum += blockSum;
            squares += blockSquares;
        }
    }

    private static (double Mean, double Deviation) MeanAndDeviation(long sum, long squares, int count)
    {
        var spread = ((Int128)count * squares) - ((Int128)sum * sum);
        return (sum / (255.0 * count), Math.Sqrt((double)spread) / (255.0 * count));
    }

    private double Divisor(int channel) => Deviation(channel) == 0 ? 1 : Deviation(channel);
}
