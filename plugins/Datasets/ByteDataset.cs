using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// One part of a dataset as it is read or made: <c>[sample, channel, height, width]</c> bytes and
/// one class per sample, or values.
/// </summary>
/// <param name="Pixels">The bytes.</param>
/// <param name="Labels">One per sample; empty where there are values.</param>
/// <param name="Values">What is to be predicted, the same number for each sample; null where there
/// are labels.</param>
/// <param name="Groups">The natural group of each; null where there are none.</param>
internal readonly record struct RawImages(byte[] Pixels, int[] Labels, float[]? Values = null, int[]? Groups = null);

/// <summary>Rows that were read as parts of a dataset.</summary>
internal static class RowTargets
{
    public static RawImages TrainImages(this RowTarget<byte> rows) => new(rows.Train, rows.TrainLabels, rows.TrainValues, rows.TrainGroups);

    public static RawImages TestImages(this RowTarget<byte> rows) => new(rows.Test, rows.TestLabels, rows.TestValues);
}

/// <summary>
/// Images in memory as bytes, with the normalisation that their training part defines.
/// </summary>
internal sealed class ByteDataset : ILoadedDataset
{
    /// <param name="input"><c>[channels, height, width]</c>; any other shape is one
    /// channel.</param>
    /// <param name="train">At least one sample.</param>
    /// <param name="test">May be shorter than <paramref name="train"/>.</param>
    /// <param name="notes">What a user should be told of this data.</param>
    /// <param name="normalize">False leaves inputs as <c>pixel / 255</c>.</param>
    public ByteDataset(IReadOnlyList<int> input, RawImages train, RawImages test, IReadOnlyList<string> notes, bool normalize = true)
    {
        var channels = input.Count == 3 ? input[0] : 1;
        var plane = input.Aggregate(1, (product, size) => product * size) / channels;
        Normalization = normalize ? Normalization.Of(train.Pixels, channels, plane) : Normalization.None(channels);
        TrainSamples = new ByteSamples(train.Pixels, train.Labels, plane, Normalization, train.Values, train.Groups);
        TestSamples = new ByteSamples(test.Pixels, test.Labels, plane, Normalization, test.Values);
        using var fingerprint = new Fingerprint(input);
        Fingerprint = fingerprint.Add(TrainSamples.Count, train.Labels, train.Pixels).Add(TestSamples.Count, test.Labels, test.Pixels)
            .AddValues(train.Values, test.Values).AddGroups(train.Groups).ToString();
        Notes = notes;
    }

    public ISamples Train => TrainSamples;

    public ISamples Test => TestSamples;

    public ByteSamples TrainSamples { get; }

    public ByteSamples TestSamples { get; }

    public string Fingerprint { get; }

    public IReadOnlyList<string> Notes { get; }

    public Normalization Normalization { get; }
}
