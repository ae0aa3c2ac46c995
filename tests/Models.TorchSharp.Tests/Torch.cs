using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;

// What a process holds is measured, and libtorch's threads are set: for all tests alike.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>
/// What the tests of this project have in common: libtorch, and one problem for two backends.
/// </summary>
internal static class Torch
{
    /// <summary>Skips, with the reason, where libtorch cannot be loaded.</summary>
    public static void Require() => Assert.SkipUnless(LibTorch.WhyNot is null, $"skipped: {LibTorch.WhyNot}");

    public static DatasetShape Images(params int[] input) => new(input, [.. Enumerable.Range(0, 10).Select(i => $"c{i}")], 100, 100);

    public static float[] Inputs(int count, DatasetShape data)
    {
        var random = new RandomStreams(3).Open("inputs");
        return [.. Enumerable.Range(0, count * data.SampleLength).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    public static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => i * 7 % 10)];

    public static float[] Values(int count, DatasetShape data)
    {
        var random = new RandomStreams(4).Open("values");
        return [.. Enumerable.Range(0, count * data.Values).Select(_ => (float)((4 * random.NextDouble()) - 2))];
    }

    public static RandomStream Dropout() => new RandomStreams(7).Open("dropout");

    public static Result Differentiate(IObjective objective, DatasetShape data, int batch)
    {
        var (parameters, buffers) = (new float[objective.Layout.Length], new float[objective.Layout.BufferLength]);
        objective.Initialize(new RandomStreams(1).Open("init"), parameters, buffers);
        using var replica = objective.CreateReplica(batch);
        var (gradient, pushed, predictions) = (new float[parameters.Length], new float[buffers.Length], new int[data.Classes > 0 ? batch : 0]);
        var (inputs, labels, values) = (Inputs(batch, data), data.Classes > 0 ? Labels(batch) : [], Values(batch, data));
        var loss = replica.Gradient(parameters, buffers, new Batch(inputs, labels, batch, values), Dropout(), gradient, pushed);
        var tested = replica.Evaluate(parameters, buffers, new Batch(inputs, labels, batch, values), predictions);
        return new Result(parameters, loss, gradient, pushed, tested, predictions);
    }

    public static double RelativeError(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var (difference, scale) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)expected[i] - actual[i], 2);
            scale += Math.Pow(expected[i], 2);
        }

        return expected.Length == 0 ? 0 : Math.Sqrt(difference / Math.Max(scale, 1e-30));
    }
}

internal sealed record Result(float[] Parameters, double Loss, float[] Gradient, float[] Pushed, double Tested, int[] Predictions);
