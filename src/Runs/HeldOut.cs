using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Numerics;

namespace Orchestrator.Runs;

/// <summary>
/// A dataset without the training samples that are kept for validation. Which ones is drawn from a
/// stream of their own, so that nothing else moves; both parts keep the dataset's order. All folds
/// of a seed are cut from one random order: together they are all samples, each once.
/// </summary>
internal sealed class HeldOut : ILoadedDataset
{
    private readonly ILoadedDataset all;

    /// <param name="all">The dataset.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="settings">What is kept; checked.</param>
    /// <param name="streams">The run's streams.</param>
    public HeldOut(ILoadedDataset all, DatasetShape shape, ValidationSettings settings, RandomStreams streams)
    {
        this.all = all;
        var order = new int[all.Train.Count];
        new Permutation(order.Length, streams.Open("validation"), stackalloc int[Permutation.LargestShuffled]).Fill(0, order);
        var (from, to) = settings.Places(order.Length);
        int[] kept = order[from..to], left = [.. order[..from], .. order[to..]];
        Array.Sort(kept);
        Array.Sort(left);
        (Train, Validation) = (new SampleSubset(all.Train, left, shape.Values), new SampleSubset(all.Train, kept, shape.Values));
    }

    public ISamples Train { get; }

    public ISamples Validation { get; }

    public ISamples Test => all.Test;

    public string Fingerprint => all.Fingerprint;

    public IReadOnlyList<string> Notes => all.Notes;

    /// <summary>Some of a list of samples.</summary>
    private sealed class SampleSubset(ISamples all, int[] rows, int width) : ISamples
    {
        private const int Most = 256;

        private readonly int[] labels = all.Labels.IsEmpty ? [] : [.. rows.Select(row => all.Labels[row])];
        private readonly float[] values = all.Values.IsEmpty ? [] : [.. rows.SelectMany(row => all.Values.Slice(row * width, width).ToArray())];
        private readonly int[] groups = all.Groups.IsEmpty ? [] : [.. rows.Select(row => all.Groups[row])];

        public int Count => rows.Length;

        public ReadOnlySpan<int> Labels => labels;

        public ReadOnlySpan<float> Values => values;

        public ReadOnlySpan<int> Groups => groups;

        public void Gather(ReadOnlySpan<int> wanted, Span<float> inputs)
        {
            if (wanted.IsEmpty)
            {
                return;
            }

            Span<int> places = stackalloc int[Math.Min(Most, wanted.Length)];
            var length = inputs.Length / wanted.Length;
            for (var first = 0; first < wanted.Length; first += Most)
            {
                var count = Math.Min(Most, wanted.Length - first);
                for (var i = 0; i < count; i++)
                {
                    places[i] = rows[wanted[first + i]];
                }

                all.Gather(places[..count], inputs.Slice(first * length, count * length));
            }
        }
    }
}
