using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Samples in memory as floats, normalised once by what their training part defines.
/// </summary>
internal sealed class FloatDataset : ILoadedDataset
{
    /// <param name="input"><c>[channels, height, width]</c> is normalised by channel,
    /// <c>[features]</c> by feature.</param>
    /// <param name="rows">At least one sample in each part; normalised in place.</param>
    /// <param name="normalize">False leaves inputs as they are.</param>
    public FloatDataset(IReadOnlyList<int> input, RowTarget<float> rows, bool normalize)
    {
        var length = input.Aggregate(1, (product, size) => product * size);
        using var fingerprint = new Fingerprint(input);
        Fingerprint = fingerprint.Add(rows.TrainCount, rows.TrainLabels, MemoryMarshal.AsBytes(rows.Train.AsSpan()))
            .Add(rows.TestCount, rows.TestLabels, MemoryMarshal.AsBytes(rows.Test.AsSpan())).AddValues(rows.TrainValues, rows.TestValues)
            .AddGroups(rows.TrainGroups).ToString();
        if (normalize)
        {
            var scaling = ColumnScaling.Of(rows.Train, input.Count == 3 ? input[0] : length, length);
            scaling.Apply(rows.Train);
            scaling.Apply(rows.Test);
        }

        Train = new FloatSamples(rows.Train, rows.TrainLabels, rows.TrainValues, length, rows.TrainGroups);
        Test = new FloatSamples(rows.Test, rows.TestLabels, rows.TestValues, length);
    }

    public ISamples Train { get; }

    public ISamples Test { get; }

    public string Fingerprint { get; }
}
