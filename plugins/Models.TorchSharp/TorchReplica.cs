using Orchestrator.Abstractions;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// One core's tensors and their way through a program. A call leaves 3 to 4 KB to the collector,
/// TorchSharp's own handles.
/// </summary>
/// <param name="program">Owned.</param>
/// <param name="device">Where it computes.</param>
/// <param name="input">Shape of one sample.</param>
/// <param name="outputs">Classes, or values that are predicted.</param>
/// <param name="areValues">True: outputs predict values, and their mean squared distance is
/// minimised.</param>
/// <param name="loss">What is minimised over classes.</param>
/// <param name="largestBatch">Samples that a batch can have.</param>
internal sealed class TorchReplica(IProgram program, TorchDevice device, IReadOnlyList<int> input, int outputs, bool areValues, ClassLoss loss, int largestBatch) : IReplica
{
    private readonly HostTensor inputs = new([largestBatch, .. input.Select(size => (long)size)], device.Device);
    private readonly HostTensor answers = areValues
        ? new([largestBatch, outputs], device.Device)
        : new([largestBatch], device.Device, ScalarType.Int64);
    private readonly float[] scoresOfBatch = new float[largestBatch * outputs];
    private readonly int sampleLength = input.Aggregate(1, (product, size) => product * size);

    public double Gradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, program.Layout.Length, nameof(gradient));
        ArgumentOutOfRangeException.ThrowIfNotEqual(pushedBuffers.Length, program.Layout.BufferLength, nameof(pushedBuffers));
        using var scope = NewDisposeScope();
        Load(parameters, buffers, batch);
        try
        {
            var mean = Loss(program.Forward(Inputs(batch.Count), random), batch.Count, Reduction.Mean);

            // Not autograd.grad: there TorchSharp catches no exception of libtorch's, and the
            // process ends.
            mean.backward(inputs: program.Parameters);
            ReadGradient(gradient);
            program.ReadBuffers(pushedBuffers);
            return mean.ToSingle();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Refusal(failure, batch.Count);
        }
        finally
        {
            // The next pass would add to it; and not before all are read, for one tensor may be
            // there under two names.
            foreach (var leaf in program.Parameters)
            {
                leaf.grad = null;
            }
        }
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(predictions.Length, areValues ? 0 : batch.Count, nameof(predictions));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Load(parameters, buffers, batch);
        try
        {
            var scores = program.Forward(Inputs(batch.Count), null);
            if (!areValues)
            {
                Predict(scores, predictions[..batch.Count]);
            }

            return Loss(scores, batch.Count, Reduction.Sum).ToSingle();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Refusal(failure, batch.Count);
        }
    }

    public void Dispose()
    {
        program.Dispose();
        inputs.Dispose();
        answers.Dispose();
    }

    // A parameter that the forward pass does not use has none, which is zero.
    private void ReadGradient(Span<float> gradient)
    {
        for (var i = 0; i < program.Parameters.Count; i++)
        {
            var place = program.Layout.Parameters[i];
            var own = gradient.Slice(place.Offset, place.Length);
            if (program.Parameters[i].grad is { } given)
            {
                HostTensor.Read(given, own);
            }
            else
            {
                own.Clear();
            }
        }
    }

    private void Predict(Tensor scores, Span<int> predictions)
    {
        HostTensor.Read(scores, scoresOfBatch.AsSpan(0, predictions.Length * outputs));
        for (var sample = 0; sample < predictions.Length; sample++)
        {
            predictions[sample] = Largest(scoresOfBatch.AsSpan(sample * outputs, outputs));
        }
    }

    private OptionException Refusal(Exception failure, int samples) =>
        new("", $"{program.Name} fails on a batch of {samples} {(samples == 1 ? "sample" : "samples")}: {Cause.Of(failure)}");

    private Tensor Inputs(int count) => inputs.Tensor.narrow(0, 0, count);

    private Tensor Loss(Tensor scores, int count, Reduction reduction)
    {
        var wanted = answers.Tensor.narrow(0, 0, count);
        if (!areValues)
        {
            return loss.Of(scores, wanted, reduction);
        }

        var squared = functional.mse_loss(scores, wanted, reduction);
        return reduction == Reduction.Sum ? squared / outputs : squared;
    }

    private void Load(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, largestBatch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, program.Layout.Length, nameof(parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(buffers.Length, program.Layout.BufferLength, nameof(buffers));
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Inputs.Length, batch.Count * sampleLength, nameof(batch));
        LoadAnswers(batch);
        batch.Inputs[..(batch.Count * sampleLength)].CopyTo(inputs.Values<float>());
        answers.Upload();
        inputs.Upload();
        program.Load(parameters, buffers);
    }

    private void LoadAnswers(in Batch batch)
    {
        if (areValues)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(batch.Values.Length, batch.Count * outputs, nameof(batch));
            batch.Values[..(batch.Count * outputs)].CopyTo(answers.Values<float>());
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Labels.Length, batch.Count, nameof(batch));
        var classOf = answers.Values<long>();
        for (var i = 0; i < batch.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)batch.Labels[i], (uint)outputs, nameof(batch));
            classOf[i] = batch.Labels[i];
        }
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
