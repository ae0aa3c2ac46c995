using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// How the axes of an array become the axes of a sample, <c>[features]</c> or
/// <c>[channels, height, width]</c>: for each element, where it lies within a row of the file.
/// </summary>
internal sealed class SampleAxes
{
    private readonly int[]? places;

    private SampleAxes(IReadOnlyList<int> input, int[]? places)
    {
        (Input, this.places) = (input, places);
        Length = input.Aggregate(1, (product, size) => product * size);
    }

    /// <summary>The shape of a sample.</summary>
    public IReadOnlyList<int> Input { get; }

    /// <summary>Elements of a sample.</summary>
    public int Length { get; }

    /// <summary>
    /// Where an element of the sample lies in its row; in an array whose first index changes
    /// fastest, counted in strides of the number of rows.
    /// </summary>
    public int this[int element] => places is null ? element : places[element];

    /// <exception cref="DataException">Its shape is none of samples.</exception>
    public static SampleAxes Of(NpyArray array, ChannelAxis channels)
    {
        var shape = array.Header.Shape;
        int[] input = shape.Count switch
        {
            1 => [1],
            2 => [shape[1]],
            3 => [1, shape[1], shape[2]],
            4 when channels == ChannelAxis.Last => [shape[3], shape[1], shape[2]],
            4 => [shape[1], shape[2], shape[3]],
            _ => throw array.Wrong(
                $"it is {array.Header.Words}; inputs are [samples, features], [samples, height, width], or [samples, channels, height, width] in the order that channels says"),
        };
        var last = shape.Count == 4 && channels == ChannelAxis.Last;
        return new SampleAxes(input, last || array.Header.IsFortran ? Places(input, last, array.Header.IsFortran) : null);
    }

    private static int[] Places(int[] input, bool channelsLast, bool isFortran)
    {
        var (channels, height, width) = input.Length == 1 ? (1, 1, input[0]) : (input[0], input[1], input[2]);

        // In the order of the file's axes, the first of which is the row.
        int[] sizes = channelsLast ? [height, width, channels] : [channels, height, width];
        int[] strides = isFortran ? [1, sizes[0], sizes[0] * sizes[1]] : [sizes[1] * sizes[2], sizes[2], 1];
        var (channelStride, rowStride, columnStride) = channelsLast ? (strides[2], strides[0], strides[1]) : (strides[0], strides[1], strides[2]);
        var places = new int[channels * height * width];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (i / (height * width) * channelStride) + (i / width % height * rowStride) + (i % width * columnStride);
        }

        return places;
    }
}
