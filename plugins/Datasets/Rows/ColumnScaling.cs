namespace Orchestrator.Datasets;

/// <summary>
/// <c>(value - mean) / standard deviation</c>, both of all training values of a column or channel.
/// Sums are taken in double precision, sample after sample, so that they have the same bits
/// everywhere.
/// </summary>
internal sealed class ColumnScaling
{
    private readonly double[] means;
    private readonly double[] divisors;
    private readonly int plane;

    private ColumnScaling(double[] means, double[] divisors, int plane) => (this.means, this.divisors, this.plane) = (means, divisors, plane);

    /// <param name="values">Training values, <c>[sample, channel, position]</c>, at least one
    /// sample.</param>
    /// <param name="channels">Channels, or columns.</param>
    /// <param name="length">Values of one sample.</param>
    public static ColumnScaling Of(ReadOnlySpan<float> values, int channels, int length)
    {
        var plane = length / channels;
        double count = values.Length / channels;
        var (means, squares) = (new double[channels], new double[channels]);
        for (var i = 0; i < values.Length; i++)
        {
            means[i / plane % channels] += values[i];
        }

        for (var channel = 0; channel < channels; channel++)
        {
            means[channel] /= count;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var difference = values[i] - means[i / plane % channels];
            squares[i / plane % channels] += difference * difference;
        }

        // What is the same in every training sample is only centred.
        return new ColumnScaling(means, Array.ConvertAll(squares, sum => sum == 0 ? 1 : Math.Sqrt(sum / count)), plane);
    }

    public void Apply(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var channel = i / plane % means.Length;
            values[i] = (float)((values[i] - means[channel]) / divisors[channel]);
        }
    }
}
