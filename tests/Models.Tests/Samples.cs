using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.Models.Tests;

/// <summary>Random inputs, labels and parameters for a network under test.</summary>
internal sealed class Samples
{
    public Samples(IReadOnlyList<LayerOptions> layers, DatasetShape data, int count, long seed = 1)
    {
        (Layers, Data, Count) = (layers, data, count);
        Network = Network.Create(layers, data);
        var streams = new RandomStreams(seed);
        var random = streams.Open("inputs");
        Inputs = [.. Enumerable.Range(0, count * data.SampleLength).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        Labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(data.Classes))];
        Parameters = new float[Network.Layout.Length];
        Buffers = new float[Network.Layout.BufferLength];
        Objective().Initialize(streams.Open("init"), Parameters, Buffers);
    }

    public IReadOnlyList<LayerOptions> Layers { get; }

    public DatasetShape Data { get; }

    public int Count { get; }

    public Network Network { get; }

    public float[] Inputs { get; }

    public int[] Labels { get; }

    public float[] Parameters { get; }

    public float[] Buffers { get; }

    public Batch Batch => new(Inputs, Labels, Count);

    public static DatasetShape Shape(int classes, params int[] input) => new(input, [.. Enumerable.Range(0, classes).Select(i => $"c{i}")], 100, 100);

    public ManagedObjective Objective(VectorPath path = VectorPath.Scalar) => new(Network, path);

    public ReferenceNetwork Reference()
    {
        var stream = DropoutStream();
        uint[] Words() => [.. Enumerable.Range(0, Count).Select(_ => stream.NextUInt32())];
        return new ReferenceNetwork(Layers, Network.Input, [.. Enumerable.Range(0, 8).Select(_ => (Words(), Words()))]);
    }

    public (double Loss, float[] Gradient) Differentiate(VectorPath path, int largestBatch = 0)
    {
        using var replica = Objective(path).CreateReplica(Math.Max(largestBatch, Count));
        return Differentiate(replica);
    }

    public (double Loss, float[] Gradient) Differentiate(IReplica replica)
    {
        var gradient = new float[Parameters.Length];
        Array.Fill(gradient, float.NaN);
        return (replica.Gradient(Parameters, Buffers, Batch, DropoutStream(), gradient, new float[Buffers.Length]), gradient);
    }

    private static RandomStream DropoutStream() => new RandomStreams(7).Open("dropout");

    /// <summary>Some parameters, and the central differences of the loss along them.</summary>
    public (int[] Parameters, double[] Slopes) CentralDifferences(int atMost)
    {
        var step = Math.Max(1, Parameters.Length / atMost);
        int[] chosen = [.. Enumerable.Range(0, Parameters.Length).Where(i => i % step == 0 || i >= Parameters.Length - 3)];
        var (reference, at) = (Reference(), Array.ConvertAll(Parameters, p => (double)p));
        return (chosen, Array.ConvertAll(chosen, i => reference.Slope(at, i, Inputs, Labels)));
    }

    public static double RelativeError(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        var pairs = expected.Zip(actual).ToArray();
        var scale = Math.Sqrt(pairs.Select(p => p.First * p.First).Sum());
        return Math.Sqrt(pairs.Select(p => (p.First - p.Second) * (p.First - p.Second)).Sum()) / Math.Max(scale, 1e-30);
    }
}
