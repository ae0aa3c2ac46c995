using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace My.Plugin;

/// <summary>
/// Computes networks of linear layers and rectifiers in double precision, one sample after the
/// other: what is left of a difference between two runs is not rounding.
/// </summary>
[Plugin("my-plugin")]
[Description("Linear layers and rectifiers in double precision.")]
internal sealed class MyPluginBackend : INetworkBackend
{
    public IObjective Build(Network network)
    {
        if (network.Classes == 0)
        {
            throw new OptionException("", "the backend computes networks that classify; this one predicts values.");
        }

        var other = network.Layers.FirstOrDefault(layer => layer is not (LinearLayer or ReluLayer or FlattenLayer));
        return other is null
            ? new MyPluginNetwork(network)
            : throw new OptionException("", $"the backend computes linear, relu and flatten layers; the network has a {other.GetType().Name}.");
    }
}

/// <summary>
/// Names, places and first values of the parameters are the network's; only the arithmetic is ours.
/// </summary>
internal sealed class MyPluginNetwork(Network network) : NetworkObjective(network)
{
    /// <summary>Plain arithmetic in one order: the same bits on every processor.</summary>
    public override string KernelPath => "double";

    /// <summary>
    /// Activations and their gradients for one sample, and a gradient in double precision.
    /// </summary>
    public override long ReplicaBytes(int largestBatch) =>
        8L * (Layout.Length + Network.Input.Length + (2 * Network.Layers.Sum(layer => (long)layer.Output.Length)));

    public override IReplica CreateReplica(int largestBatch) => new MyPluginNetworkReplica(Network);
}

/// <summary>Working memory for one core; nothing is allocated per call.</summary>
internal sealed class MyPluginNetworkReplica(Network network) : IReplica
{
    // What each layer takes, and last what the network gives; the same for gradients, but for the
    // input's.
    private readonly double[][] values = [new double[network.Input.Length], .. network.Layers.Select(layer => new double[layer.Output.Length])];
    private readonly double[][] slopes = [[], .. network.Layers.Select(layer => new double[layer.Output.Length])];
    private readonly double[] sums = new double[network.Layout.Length];

    public double Gradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        Array.Clear(sums);
        var loss = 0.0;
        for (var i = 0; i < batch.Count; i++)
        {
            Forward(parameters, batch, i);
            loss += Loss(batch.Labels[i]);
            Backward(parameters, batch.Labels[i]);
        }

        for (var i = 0; i < sums.Length; i++)
        {
            gradient[i] = (float)(sums[i] / batch.Count);
        }

        return loss / batch.Count;
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions)
    {
        var loss = 0.0;
        for (var i = 0; i < batch.Count; i++)
        {
            Forward(parameters, batch, i);
            predictions[i] = Array.IndexOf(values[^1], values[^1].Max());
            loss += Loss(batch.Labels[i]);
        }

        return loss;
    }

    public void Dispose()
    {
    }

    private void Forward(ReadOnlySpan<float> parameters, in Batch batch, int sample)
    {
        var input = values[0];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = batch.Inputs[(sample * input.Length) + i];
        }

        for (var l = 0; l < network.Layers.Count; l++)
        {
            var (from, to) = (values[l], values[l + 1]);
            if (network.Layers[l] is LinearLayer linear)
            {
                for (var o = 0; o < to.Length; o++)
                {
                    var weights = parameters.Slice(linear.Weight.Offset + (o * from.Length), from.Length);
                    var sum = linear.Bias is { } bias ? parameters[bias.Offset + o] : 0.0;
                    for (var i = 0; i < from.Length; i++)
                    {
                        sum += weights[i] * from[i];
                    }

                    to[o] = sum;
                }
            }
            else
            {
                var rectifies = network.Layers[l] is ReluLayer;
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = rectifies && from[i] < 0 ? 0 : from[i];
                }
            }
        }
    }

    // Cross-entropy of the softmax; leaves the softmax where the last layer's slopes belong.
    private double Loss(int label)
    {
        var (outputs, softmax) = (values[^1], slopes[^1]);
        var (largest, sum) = (outputs.Max(), 0.0);
        for (var c = 0; c < outputs.Length; c++)
        {
            sum += softmax[c] = Elementary.Exp(outputs[c] - largest);
        }

        for (var c = 0; c < outputs.Length; c++)
        {
            softmax[c] /= sum;
        }

        return Elementary.Log(sum) + largest - outputs[label];
    }

    private void Backward(ReadOnlySpan<float> parameters, int label)
    {
        slopes[^1][label] -= 1;
        for (var l = network.Layers.Count - 1; l >= 0; l--)
        {
            var (from, to, below) = (values[l], slopes[l + 1], slopes[l]);
            if (network.Layers[l] is LinearLayer linear)
            {
                Array.Clear(below);
                for (var o = 0; o < to.Length; o++)
                {
                    var place = linear.Weight.Offset + (o * from.Length);
                    for (var i = 0; i < from.Length; i++)
                    {
                        sums[place + i] += to[o] * from[i];
                    }

                    // The input's own slopes are of no use.
                    for (var i = 0; i < below.Length; i++)
                    {
                        below[i] += to[o] * parameters[place + i];
                    }

                    if (linear.Bias is { } bias)
                    {
                        sums[bias.Offset + o] += to[o];
                    }
                }
            }
            else
            {
                var rectifies = network.Layers[l] is ReluLayer;
                for (var i = 0; i < below.Length; i++)
                {
                    below[i] = rectifies && from[i] <= 0 ? 0 : to[i];
                }
            }
        }
    }
}
