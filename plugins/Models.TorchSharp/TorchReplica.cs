using Orchestrator.Abstractions;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Orchestrator.Models.TorchSharp;

/// <summary>One core's tensors and their way through a program. A call leaves 3 to 4 KB to the collector, TorchSharp's own handles.</summary>
/// <param name="program">Owned.</param>
/// <param name="device">Where it computes.</param>
/// <param name="input">Shape of one sample.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="loss">What is minimised.</param>
/// <param name="largestBatch">Samples that a batch can have.</param>
internal sealed class TorchReplica(IProgram program, TorchDevice device, IReadOnlyList<int> input, int classes, ClassLoss loss, int largestBatch) : IReplica
{
    private readonly HostTensor inputs = new([largestBatch, .. input.Select(size => (long)size)], device.Device);
    private readonly HostTensor labels = new([largestBatch], device.Device, ScalarType.Int64);
    private readonly float[] outputs = new float[largestBatch * classes];
    private readonly int sampleLength = input.Aggregate(1, (product, size) => product * size);

    public double Gradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, program.Layout.Length, nameof(gradient));
        ArgumentOutOfRangeException.ThrowIfNotEqual(pushedBuffers.Length, program.Layout.BufferLength, nameof(pushedBuffers));
        using var scope = NewDisposeScope();
        Load(parameters, buffers, batch);
        var mean = loss.Of(program.Forward(Inputs(batch.Count), random), Labels(batch.Count), Reduction.Mean);
        var gradients = autograd.grad([mean], program.Parameters);
        for (var i = 0; i < gradients.Count; i++)
        {
            var place = program.Layout.Parameters[i];
            HostTensor.Read(gradients[i], gradient.Slice(place.Offset, place.Length));
        }

        program.ReadBuffers(pushedBuffers);
        return mean.ToSingle();
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(predictions.Length, batch.Count, nameof(predictions));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Load(parameters, buffers, batch);
        var scores = program.Forward(Inputs(batch.Count), null);
        HostTensor.Read(scores, outputs.AsSpan(0, batch.Count * classes));
        for (var sample = 0; sample < batch.Count; sample++)
        {
            predictions[sample] = Largest(outputs.AsSpan(sample * classes, classes));
        }

        return loss.Of(scores, Labels(batch.Count), Reduction.Sum).ToSingle();
    }

    public void Dispose()
    {
        program.Dispose();
        inputs.Dispose();
        labels.Dispose();
    }

    private Tensor Inputs(int count) => inputs.Tensor.narrow(0, 0, count);

    private Tensor Labels(int count) => labels.Tensor.narrow(0, 0, count);

    private void Load(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, largestBatch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, program.Layout.Length, nameof(parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(buffers.Length, program.Layout.BufferLength, nameof(buffers));
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Inputs.Length, batch.Count * sampleLength, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Labels.Length, batch.Count, nameof(batch));
        var classOf = labels.Values<long>();
        for (var i = 0; i < batch.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)batch.Labels[i], (uint)classes, nameof(batch));
            classOf[i] = batch.Labels[i];
        }

        batch.Inputs[..(batch.Count * sampleLength)].CopyTo(inputs.Values<float>());
        labels.Upload();
        inputs.Upload();
        program.Load(parameters, buffers);
    }

    // The lowest among equals; libtorch's argmax promises nothing.
    private static int Largest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }
}
