using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models.Tests;

public sealed class OddShapeTests
{
    private const int Networks = 60;

    [Fact]
    public void Gradient_OfRandomNetworks_IsTheSameOnAllPathsAndTouchesItsOwnMemoryOnly()
    {
        for (var seed = 0; seed < Networks; seed++)
        {
            var (input, layers, batch) = RandomNetworks.Draw(seed);
            var samples = new Samples(layers, Samples.Shape(3, input), batch, seed);
            var (loss, gradient) = Checked(samples);
            foreach (var path in Paths.Supported)
            {
                var other = samples.Differentiate(path, largestBatch: batch + (seed % 3));
                var isSame = loss.Equals(other.Loss) && gradient.AsSpan().SequenceEqual(other.Gradient);
                Assert.True(isSame, $"network {seed} on {path}: {string.Join(", ", layers)}");
            }
        }
    }

    [Fact]
    public void Gradient_OfRandomNetworks_IsCentralDifference()
    {
        for (var seed = Networks; seed < Networks + 12; seed++)
        {
            AssertCentralDifference(RandomNetworks.Draw(seed), seed, atMost: 40);
        }
    }

    [Fact]
    public void Gradient_OfBlocksInBlocks_IsCentralDifference()
    {
        for (var seed = 0; seed < Networks; seed++)
        {
            AssertCentralDifference(RandomNetworks.DrawBlocks(seed), seed, atMost: 24);
        }
    }

    [Fact]
    public unsafe void CheckedLanes_RefuseForeignMemory()
    {
        CheckedLanes.Forget();
        using var vector = new NativeVector(8);
        CheckedLanes.Allocated(vector.Pointer, 7);
        CheckedLanes.Load(vector.Pointer + 3);
        Assert.Throws<InvalidOperationException>(() => CheckedLanes.Load(vector.Pointer + 4));
    }

    private static void AssertCentralDifference((int[] Input, List<LayerOptions> Layers, int Batch) network, int seed, int atMost)
    {
        var samples = new Samples(network.Layers, Samples.Shape(3, network.Input), network.Batch, seed);
        var (chosen, slopes) = samples.CentralDifferences(atMost);
        var gradient = samples.Differentiate(Paths.Supported.Last()).Gradient;
        var error = Samples.RelativeError(slopes, chosen.Select(i => (double)gradient[i]));
        Assert.True(error < 1e-5, $"network {seed}: {error:E1}, {string.Join(", ", network.Layers)}");
    }

    // Parameters and gradient end where their buffers end; the inputs are transposed row by row, so
    // their buffer is checked too.
    private static unsafe (double Loss, float[] Gradient) Checked(Samples samples)
    {
        CheckedLanes.Forget();
        using var replica = new NetworkReplica<CheckedLanes>(samples.Network, samples.Count);
        using var parameters = new NativeVector(samples.Parameters.Length);
        using var gradient = new NativeVector(samples.Parameters.Length);
        using var inputs = new NativeVector(samples.Inputs.Length);
        foreach (var vector in new[] { parameters, gradient, inputs })
        {
            CheckedLanes.Allocated(vector.Pointer, vector.Length);
        }

        samples.Parameters.CopyTo(parameters.Span);
        samples.Inputs.CopyTo(inputs.Span);
        var batch = new Batch(inputs.Span, samples.Labels, samples.Count);
        var loss = replica.Gradient(
            parameters.Span, samples.Buffers, batch, new Numerics.RandomStreams(7).Open("dropout"), gradient.Span, new float[samples.Buffers.Length]);
        return (loss, gradient.Span.ToArray());
    }
}
