using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Partitioners;

/// <summary>How the sizes of the parts are distributed.</summary>
[JsonDerivedType(typeof(DirichletSizes), "dirichlet")]
[JsonDerivedType(typeof(PowerLawSizes), "power-law")]
public abstract record SizeLaw;

public sealed record DirichletSizes([Description("Concentration: small values give very unequal parts.")][Range(1e-3, 1e6)] double Alpha) : SizeLaw;

public sealed record PowerLawSizes([Description("a: the i-th largest part is proportional to i^-a.")][Range(0.0, 10.0)] double Exponent) : SizeLaw;

public sealed record QuantitySkewOptions(
    [Description("The law of the sizes: dirichlet or power-law.")] SizeLaw Sizes,
    [Description("Samples that every worker gets first.")][Range(1, int.MaxValue)] int MinimumSamples = 1);

/// <summary>
/// Parts of the same distribution but unequal sizes: one shuffle, cut in proportions drawn from
/// Dirichlet(alpha, ..., alpha) as in Li, Diao, Chen, He: Federated learning on non-IID data silos,
/// ICDE 2022, or following a power law whose ranks are dealt at random. Deviation: instead of
/// drawing anew until each part is large enough, every worker gets the fewest samples first, and
/// the law deals out the rest.
/// </summary>
[Description("Parts of the same distribution but unequal sizes, by Dirichlet or power law.")]
[Plugin("quantity-skew")]
internal sealed class QuantitySkew(QuantitySkewOptions options) : IPartitioner
{
    public IReadOnlyList<ReadOnlyMemory<int>> Partition(ReadOnlySpan<int> labels, int classes, int count, int workers, Random random)
    {
        Limits.Enforce(Reject(classes, count, workers));
        var shares = options.Sizes switch
        {
            DirichletSizes law => Shares.Dirichlet(law.Alpha, workers, random),
            PowerLawSizes law => PowerLaw(law.Exponent, workers, random),
            var law => throw new OptionException("sizes", $"'{law}' is no law of sizes; allowed: dirichlet, power-law."),
        };
        var sizes = Shares.Sizes(shares, count - (workers * options.MinimumSamples));
        var order = Shuffle.OfRange(count, random);
        var parts = new ReadOnlyMemory<int>[workers];
        for (var (worker, start) = (0, 0); worker < workers; worker++)
        {
            parts[worker] = order.AsMemory(start, options.MinimumSamples + sizes[worker]);
            start += parts[worker].Length;
        }

        return parts;
    }

    public string? Reject(int classes, int count, int workers) => Limits.SamplesEach(options.MinimumSamples, count, workers);

    private static double[] PowerLaw(double exponent, int workers, Random random)
    {
        var shares = Array.ConvertAll(Shuffle.OfRange(workers, random), rank => Elementary.Power((double)(rank + 1), -exponent));
        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }
}
