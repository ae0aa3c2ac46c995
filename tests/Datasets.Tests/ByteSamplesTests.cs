namespace Orchestrator.Datasets.Tests;

public sealed class ByteSamplesTests
{
    private const int Channels = 3;
    private const int Plane = 37; // not a multiple of any vector

    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 5 * Channels * Plane).Select(i => (byte)((i * 89) + (i / Plane)))];
    private static readonly Normalization Constants = Normalization.Of(Pixels, Channels, Plane);
    private static readonly ByteSamples Samples = new(Pixels, [4, 3, 2, 1, 0], Plane, Constants);

    [Fact]
    public void Gather_AnyRows_IsPixelMinusMeanOverDeviationOfItsChannel()
    {
        int[] rows = [4, 0, 0, 2];
        var inputs = new float[rows.Length * Channels * Plane];
        Samples.Gather(rows, inputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            var (row, channel, position) = (rows[i / (Channels * Plane)], i / Plane % Channels, i % Plane);
            var pixel = Pixels[(((row * Channels) + channel) * Plane) + position];
            Assert.Equal(((pixel / 255.0) - Constants.Mean(channel)) / Constants.Deviation(channel), inputs[i], 1e-6);
            Assert.Equal((pixel * Constants.Scale(channel)) + Constants.Shift(channel), inputs[i]);
        }
    }

    [Fact]
    public void Normalization_OfChannel_IsPopulationMeanAndDeviation()
    {
        for (var channel = 0; channel < Channels; channel++)
        {
            var values = Pixels.Where((_, i) => i / Plane % Channels == channel).Select(pixel => pixel / 255.0).ToArray();
            var mean = values.Average();
            Assert.Equal(mean, Constants.Mean(channel), 1e-12);
            Assert.Equal(Math.Sqrt(values.Average(x => (x - mean) * (x - mean))), Constants.Deviation(channel), 1e-12);
        }
    }

    [Fact]
    public void Normalization_OfEqualPixels_OnlyCentres()
    {
        var flat = Normalization.Of([.. Enumerable.Repeat((byte)200, 200_000)], 1, 100_000);
        var inputs = new float[100_000];
        new ByteSamples(new byte[100_000], [0], 100_000, flat).Gather([0], inputs);
        Assert.All(inputs, input => Assert.Equal(-200 / 255f, input));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Gather_RowOutside_Throws(int row) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Gather([row], new float[Channels * Plane]));

    [Theory]
    [InlineData(0)]
    [InlineData((Channels * Plane) - 1)]
    [InlineData((Channels * Plane) + 1)]
    public void Gather_BufferOfAnotherLength_Throws(int length) => Assert.Throws<ArgumentException>(() => Samples.Gather([0], new float[length]));

    [Fact]
    public void Gather_Again_AllocatesNothing()
    {
        var inputs = new float[2 * Channels * Plane];
        Samples.Gather([1, 2], inputs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Samples.Gather([3, 4], inputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
