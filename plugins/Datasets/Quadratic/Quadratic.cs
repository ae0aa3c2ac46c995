using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// The data of the noisy quadratic, whose loss and noise are the model's own: nominal samples of
/// one feature that is 0, without labels, and one test sample, so that an evaluation is one look at
/// the loss.
/// </summary>
[Description("Nominal samples for the noisy quadratic, whose loss is the model's own.")]
[Plugin("quadratic")]
internal sealed class Quadratic(QuadraticOptions options) : IDataset
{
    public DatasetShape Describe(DataFolders folders) => new([1], [], options.Samples, 1);

    public ILoadedDataset Load(DataFolders folders) => new Nominal(options.Samples);

    private sealed class Nominal : ILoadedDataset
    {
        public Nominal(int samples)
        {
            (Train, Test) = (new ZeroSamples(samples), new ZeroSamples(1));
            using var fingerprint = new Fingerprint([1]);
            Fingerprint = fingerprint.Add(Train.Count, [], []).Add(Test.Count, [], []).ToString();
        }

        public ISamples Train { get; }

        public ISamples Test { get; }

        public string Fingerprint { get; }
    }

    private sealed class ZeroSamples(int count) : ISamples
    {
        public int Count => count;

        public ReadOnlySpan<int> Labels => [];

        public void Gather(ReadOnlySpan<int> rows, Span<float> inputs)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(inputs.Length, rows.Length, nameof(inputs));
            foreach (var row in rows)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)count, nameof(rows));
            }

            inputs.Clear();
        }
    }
}
