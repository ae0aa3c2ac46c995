using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace My.Plugin;

/// <summary>Options of the dataset <c>my-plugin</c>.</summary>
public sealed record MyPluginDatasetOptions(
    [Description("Rings, each a class.")][Range(2, 100)] int Rings = 3,
    [Description("Width of a ring, where rings are 1 apart.")][Range(0.0, 10.0)] double Width = 0.5,
    [Description("Training samples.")][Range(1, 10_000_000)] int TrainSamples = 2000,
    [Description("Test samples.")][Range(1, 10_000_000)] int TestSamples = 500,
    [Description("Seed of the samples; the run's own seed does not change them.")] long Seed = 1);

/// <summary>
/// Points on rings around one centre, a class per ring: no straight line parts them. Made here, so
/// nothing is downloaded; a dataset of files would look for them in <see cref="DataFolders"/>.
/// </summary>
[Plugin("my-plugin")]
[Description("Points on rings around one centre, a class per ring.")]
internal sealed class MyPluginDataset(MyPluginDatasetOptions options) : IDataset
{
    /// <summary>Cheap: it is asked while a pipeline is validated.</summary>
    public DatasetShape Describe(DataFolders folders) =>
        new([2], [.. Enumerable.Range(1, options.Rings).Select(ring => $"ring {ring}")], options.TrainSamples, options.TestSamples)
        {
            // Two coordinates and a label each.
            Bytes = 12L * ((long)options.TrainSamples + options.TestSamples),
        };

    public ILoadedDataset Load(DataFolders folders)
    {
        var streams = new RandomStreams(options.Seed);
        return new Loaded(Draw(options.TrainSamples, streams.Open("rings-train")), Draw(options.TestSamples, streams.Open("rings-test")));
    }

    private Points Draw(int count, RandomStream random)
    {
        var (inputs, labels) = (new float[2 * count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.Next(options.Rings);
            var radius = 1 + labels[i] + (options.Width * (random.NextDouble() - 0.5));

            // Half a turn, mirrored for every second point; the program's own cosine gives the same
            // bits everywhere.
            var turn = random.NextDouble();
            var sine = Elementary.CosPi(Math.Abs(0.5 - turn));
            (inputs[2 * i], inputs[(2 * i) + 1]) = ((float)(radius * Elementary.CosPi(turn)), (float)(radius * (random.Next(2) == 0 ? sine : -sine)));
        }

        return new Points(inputs, labels);
    }

    private sealed class Loaded(Points train, Points test) : ILoadedDataset
    {
        public ISamples Train => train;

        public ISamples Test => test;

        /// <summary>Equal fingerprints mean equal data: over everything that was made.</summary>
        public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData([.. train.Bytes(), .. test.Bytes()]));
    }

    private sealed class Points(float[] inputs, int[] labels) : ISamples
    {
        public int Count => labels.Length;

        public ReadOnlySpan<int> Labels => labels;

        public void Gather(ReadOnlySpan<int> rows, Span<float> destination)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], (uint)labels.Length, nameof(rows));
                inputs.AsSpan(2 * rows[i], 2).CopyTo(destination[(2 * i)..]);
            }
        }

        public byte[] Bytes() => [.. MemoryMarshal.AsBytes<float>(inputs), .. MemoryMarshal.AsBytes<int>(labels)];
    }
}
