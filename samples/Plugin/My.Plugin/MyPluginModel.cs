using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of the model <c>my-plugin</c>.</summary>
public sealed record MyPluginModelOptions(
    [Description("Weights start evenly distributed between minus this and this.")][Range(0.0, 10.0)] double InitialScale = 0.01);

/// <summary>
/// A linear map to one output per class that learns 1 for the sample's class and 0 for the others by
/// least squares:
/// <code>
/// o = W x + b;  loss = |o - y|^2 / 2;  dW = (o - y) x^T,  db = o - y
/// </code>
/// Widrow and Hoff: Adaptive switching circuits, 1960, for several classes. No deviations.
/// </summary>
[Plugin("my-plugin")]
[Description("A linear map to one output per class, by least squares.")]
internal sealed class MyPluginModel(MyPluginModelOptions options) : IModel
{
    public IObjective Build(DatasetShape data) => data.Classes > 0
        ? new MyPluginObjective(options, data)
        : throw new OptionException("", "The samples have no labels; the model learns classes.");
}

/// <summary>The model for data of one shape; immutable, replicas do the work.</summary>
internal sealed class MyPluginObjective(MyPluginModelOptions options, DatasetShape data) : IObjective
{
    public ParameterLayout Layout { get; } = new(
        [new NamedTensor("weight", [data.Classes, data.SampleLength], 0), new NamedTensor("bias", [data.Classes], data.Classes * data.SampleLength)], []);

    /// <summary>Plain arithmetic in one order: the same bits on every processor.</summary>
    public string KernelPath => "plain";

    public long ReplicaBytes(int largestBatch) => 4L * data.Classes;

    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (ref var parameter in parameters)
        {
            parameter = (float)(options.InitialScale * ((2 * random.NextDouble()) - 1));
        }
    }

    public IReplica CreateReplica(int largestBatch) => new MyPluginReplica(data.Classes, data.SampleLength);
}

/// <summary>Working memory for one core; nothing is allocated per call.</summary>
internal sealed class MyPluginReplica(int classes, int features) : IReplica
{
    private readonly float[] outputs = new float[classes];

    public double Gradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        gradient.Clear();
        var loss = 0.0;
        for (var i = 0; i < batch.Count; i++)
        {
            var sample = batch.Inputs.Slice(i * features, features);
            loss += Errors(parameters, sample, batch.Labels[i]);
            for (var c = 0; c < classes; c++)
            {
                var error = outputs[c] / batch.Count;
                for (var j = 0; j < features; j++)
                {
                    gradient[(c * features) + j] += error * sample[j];
                }

                gradient[(classes * features) + c] += error;
            }
        }

        return loss / batch.Count;
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions)
    {
        var loss = 0.0;
        for (var i = 0; i < batch.Count; i++)
        {
            var sample = batch.Inputs.Slice(i * features, features);
            Forward(parameters, sample);
            predictions[i] = outputs.IndexOf(outputs.Max());
            loss += Errors(parameters, sample, batch.Labels[i]);
        }

        return loss;
    }

    public void Dispose()
    {
    }

    // Leaves o - y in the outputs; the loss of one sample.
    private double Errors(ReadOnlySpan<float> parameters, ReadOnlySpan<float> sample, int label)
    {
        Forward(parameters, sample);
        outputs[label] -= 1;
        var sum = 0.0;
        foreach (var error in outputs)
        {
            sum += (double)error * error;
        }

        return sum / 2;
    }

    private void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> sample)
    {
        for (var c = 0; c < classes; c++)
        {
            var sum = parameters[(classes * features) + c];
            for (var j = 0; j < features; j++)
            {
                sum += parameters[(c * features) + j] * sample[j];
            }

            outputs[c] = sum;
        }
    }
}
