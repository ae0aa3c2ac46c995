using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

public sealed record DirichletOptions(
    [Description("Concentration: small values give a worker few classes, large ones equal parts.")][Range(1e-3, 1e6)] double Alpha,
    [Description("Fewest samples that a worker may get.")][Range(1, int.MaxValue)] int MinimumSamples = 1);

/// <summary>
/// Label skew: for each class, proportions over the workers are drawn from Dirichlet(alpha, ...,
/// alpha), and the class's samples, shuffled, are cut accordingly. Yurochkin et al.: Bayesian
/// nonparametric federated learning of neural networks, ICML 2019. As there, all is drawn anew
/// while a worker has too few samples; here the fewest is an option, and after 1,000 attempts it is
/// an error.
/// </summary>
[Description("Label skew by Dirichlet proportions for each class.")]
[Plugin("dirichlet")]
internal sealed class Dirichlet(DirichletOptions options) : IPartitioner
{
    private const int Attempts = 1000;

    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        Limits.Enforce(Reject(classes, count, workers));
        var rows = RowsByLabel.Of(labels, classes);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var sizes = Array.ConvertAll(rows, ofClass => Shares.Sizes(Shares.Dirichlet(options.Alpha, workers, random), ofClass.Length));
            if (Enumerable.Range(0, workers).All(worker => sizes.Sum(ofClass => ofClass[worker]) >= options.MinimumSamples))
            {
                return Deal(rows, sizes, workers, random);
            }
        }

        throw new OptionException("alpha", FormattableString.Invariant(
            $"{options.Alpha} is too small for {workers} workers: in {Attempts} draws one of them always had fewer than {options.MinimumSamples} of {count} samples."));
    }

    public string? Reject(int classes, int count, int workers) => Limits.Labelled(classes) ?? Limits.SamplesEach(options.MinimumSamples, count, workers);

    private static ReadOnlyMemory<int>[] Deal(int[][] rows, int[][] sizes, int workers, Random random)
    {
        var parts = Enumerable.Range(0, workers).Select(_ => new List<int>()).ToArray();
        foreach (var (ofClass, sizesOfClass) in rows.Zip(sizes))
        {
            var rest = Shuffle.Of(ofClass, random).AsSpan();
            for (var worker = 0; worker < workers; worker++)
            {
                parts[worker].AddRange(rest[..sizesOfClass[worker]]);
                rest = rest[sizesOfClass[worker]..];
            }
        }

        return Array.ConvertAll(parts, part => (ReadOnlyMemory<int>)part.ToArray());
    }
}
