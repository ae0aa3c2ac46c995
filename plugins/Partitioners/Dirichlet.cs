using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>What proportions are drawn for.</summary>
public enum DirichletBasis
{
    /// <summary>Each class.</summary>
    Labels,

    /// <summary>Each natural group of the data set.</summary>
    Groups,
}

public sealed record DirichletOptions(
    [Description("Concentration: small values give a worker few classes, large ones equal parts.")][Range(1e-3, 1e6)] double Alpha,
    [Description("Fewest samples that a worker may get.")][Range(1, int.MaxValue)] int MinimumSamples = 1,
    [Description("What proportions are drawn for: labels (each class), or groups (each natural group of the data set, whatever its classes); labels when absent.")] DirichletBasis? Over = null);

/// <summary>
/// Label skew: for each class, proportions over the workers are drawn from Dirichlet(alpha, ...,
/// alpha), and the class's samples, shuffled, are cut accordingly. Yurochkin et al.: Bayesian
/// nonparametric federated learning of neural networks, ICML 2019. As there, all is drawn anew
/// while a worker has too few samples; here the fewest is an option, and after 1,000 attempts it is
/// an error. Over groups, proportions are drawn for each natural group in the place of a class:
/// from a group for each worker (small alpha) to workers alike (large alpha).
/// </summary>
[Description("Skew by Dirichlet proportions for each class, or each natural group.")]
[Plugin("dirichlet")]
internal sealed class Dirichlet(DirichletOptions options) : IPartitioner
{
    private const int Attempts = 1000;

    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        Limits.Enforce(Reject(classes, count, workers));
        return Deal(RowsByLabel.Of(labels, classes), count, workers, random);
    }

    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ISamples samples, DatasetShape shape, int workers, Random random)
    {
        Limits.Enforce(Reject(shape, workers));
        return Deal(OverGroups ? RowsByGroup.Of(samples, shape) : RowsByLabel.Of(samples.Labels, shape.Classes), samples.Count, workers, random);
    }

    public string? Reject(int classes, int count, int workers) => OverGroups ? Limits.NoGroups : Limits.Labelled(classes) ?? Few(count, workers);

    public string? Reject(DatasetShape shape, int workers) => (OverGroups ? Limits.Grouped(shape) : Limits.Labelled(shape.Classes)) ?? Few(shape.TrainCount, workers);

    private bool OverGroups => options.Over == DirichletBasis.Groups;

    private string? Few(int count, int workers) => Limits.SamplesEach(options.MinimumSamples, count, workers);

    private ReadOnlyMemory<int>[] Deal(int[][] rows, int count, int workers, Random random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var sizes = Array.ConvertAll(rows, ofClass => Shares.Sizes(Shares.Dirichlet(options.Alpha, workers, random), ofClass.Length));
            if (Enumerable.Range(0, workers).All(worker => sizes.Sum(ofClass => ofClass[worker]) >= options.MinimumSamples))
            {
                return Cut(rows, sizes, workers, random);
            }
        }

        throw new OptionException("alpha", FormattableString.Invariant(
            $"{options.Alpha} is too small for {workers} workers: in {Attempts} draws one of them always had fewer than {options.MinimumSamples} of {count} samples."));
    }

    private static ReadOnlyMemory<int>[] Cut(int[][] rows, int[][] sizes, int workers, Random random)
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
