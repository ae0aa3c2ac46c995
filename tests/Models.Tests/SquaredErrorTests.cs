using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.Models.Tests;

public sealed class SquaredErrorTests
{
    private const int Features = 6;
    private const int Values = 2;

    // More samples than lanes, fewer than two groups of lanes, and more than one group of samples.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(21)]
    [InlineData(150)]
    public void A_linear_model_has_the_loss_and_gradient_of_least_squares_on_every_path(int count)
    {
        var network = Network.Create([new LinearOptions(Values)], new DatasetShape([Features], [], 10, 10) { Values = Values });
        var random = new RandomStreams(3).Open("test");
        float[] inputs = Drawn(count * Features), values = Drawn(count * Values), parameters = Drawn(network.Layout.Length);
        var (expectedLoss, expected) = LeastSquares(inputs, values, parameters, count);
        float[]? first = null;
        foreach (var path in Paths.Supported)
        {
            using var replica = new ManagedObjective(network, path).CreateReplica(count);
            var gradient = new float[parameters.Length];
            var loss = replica.Gradient(parameters, [], new Batch(inputs, [], count, values), random, gradient, []);
            Assert.Equal(expectedLoss, loss, 1e-5 * expectedLoss);
            Assert.All(gradient.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
            Assert.Equal(expectedLoss * count, replica.Evaluate(parameters, [], new Batch(inputs, [], count, values), []), 1e-5 * expectedLoss * count);
            Assert.Equal(first ??= gradient, gradient);
        }

        float[] Drawn(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    [Fact]
    public void Values_that_are_missing_are_refused()
    {
        var network = Network.Create([new LinearOptions(1)], new DatasetShape([1], [], 10, 10) { Values = 1 });
        using var replica = new ManagedObjective(network, VectorPath.Scalar).CreateReplica(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => replica.Evaluate(new float[2], [], new Batch(new float[2], [], 2, new float[1]), []));
    }

    [Fact]
    public void The_last_layer_has_a_feature_for_each_value()
    {
        var data = new DatasetShape([3], [], 10, 10) { Values = 2 };
        Assert.Contains(
            "one feature for each of the 2 values is needed", Assert.Throws<OptionException>(() => Network.Create([new LinearOptions(3)], data)).Message);
        Assert.Equal(2, Network.Create(new Mlp([4], MlpActivation.Relu).LayersFor(data), data).Layers[^1].Output.Channels);
    }

    // Weights are [values, features], then a bias for each value.
    private static (double Loss, double[] Gradient) LeastSquares(float[] inputs, float[] values, float[] parameters, int count)
    {
        var (loss, gradient) = (0.0, new double[parameters.Length]);
        for (var sample = 0; sample < count; sample++)
        {
            for (var v = 0; v < Values; v++)
            {
                double distance = parameters[(Values * Features) + v] - values[(sample * Values) + v];
                for (var f = 0; f < Features; f++)
                {
                    distance += (double)parameters[(v * Features) + f] * inputs[(sample * Features) + f];
                }

                loss += distance * distance / (Values * count);
                gradient[(Values * Features) + v] += 2 * distance / (Values * count);
                for (var f = 0; f < Features; f++)
                {
                    gradient[(v * Features) + f] += 2 * distance * inputs[(sample * Features) + f] / (Values * count);
                }
            }
        }

        return (loss, gradient);
    }
}
