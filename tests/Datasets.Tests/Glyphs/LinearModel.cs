using System.Numerics.Tensors;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>Softmax regression by plain SGD, one sample at a time.</summary>
internal static class LinearModel
{
    private const int Length = 784;
    private const int Classes = 10;

    public static double TestAccuracy(ILoadedDataset data, int epochs)
    {
        var weights = new float[Classes * (Length + 1)];
        var input = new float[Length];
        var scores = new float[Classes];
        for (var step = 0; step < epochs * data.Train.Count; step++)
        {
            // 7,919 is prime and walks through all rows in a fixed, mixed order.
            var row = (int)(step * 7919L % data.Train.Count);
            Scores(data.Train, row, weights, input, scores);
            TensorPrimitives.SoftMax(scores, scores);
            scores[data.Train.Labels[row]] -= 1;
            for (var label = 0; label < Classes; label++)
            {
                var column = weights.AsSpan(label * (Length + 1), Length + 1);
                var rate = -0.001f * scores[label];
                TensorPrimitives.MultiplyAdd(input, rate, column[..Length], column[..Length]);
                column[Length] += rate;
            }
        }

        return 100.0 * Enumerable.Range(0, data.Test.Count).Count(row => Hits(data.Test, row, weights, input, scores)) / data.Test.Count;
    }

    private static bool Hits(ISamples samples, int row, float[] weights, float[] input, float[] scores)
    {
        Scores(samples, row, weights, input, scores);
        return TensorPrimitives.IndexOfMax<float>(scores) == samples.Labels[row];
    }

    private static void Scores(ISamples samples, int row, float[] weights, float[] input, float[] scores)
    {
        samples.Gather([row], input);
        for (var label = 0; label < Classes; label++)
        {
            var column = weights.AsSpan(label * (Length + 1), Length + 1);
            scores[label] = TensorPrimitives.Dot<float>(input, column[..Length]) + column[Length];
        }
    }
}
