using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// One core's working memory for a chain of operations. A batch is taken in groups of samples whose
/// activations stay in the cache; within a group, segments of operations run chunk by chunk.
/// </summary>
internal sealed unsafe class NetworkReplica<TLanes> : INetworkReplica where TLanes : unmanaged, ILanes<TLanes>
{
    // The bits of a gradient depend on it: a constant, never a function of the largest batch.
    private const int SamplesPerGroup = 64;

    private readonly Workspace<TLanes> workspace;
    private readonly InputLoader<TLanes> loader;
    private readonly IOutputLoss loss;
    private readonly Operation[] operations;
    private readonly Segment[] segments;
    private readonly Pass pass = new();
    private readonly Network network;
    private readonly int largestBatch;
    private readonly int groupSamples;
    private double stripeLoss;

    public NetworkReplica(Network network, int largestBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(largestBatch);
        (this.network, this.largestBatch) = (network, largestBatch);
        groupSamples = network.NeedsWholeBatch ? largestBatch : Math.Min(SamplesPerGroup, largestBatch);
        workspace = new Workspace<TLanes>((Math.Min(groupSamples, largestBatch) + TLanes.Count - 1) / TLanes.Count, largestBatch);
        loader = new InputLoader<TLanes>(workspace, network.Input, InputPadding(network));
        var activation = loader.Target;
        var assembly = new LayerAssembly<TLanes>(workspace);
        foreach (var layer in network.Layers)
        {
            activation = assembly.Append(layer, activation);
        }

        loss = network.Values > 0 ? new SquaredError<TLanes>(activation) : new SoftmaxCrossEntropy<TLanes>(workspace, activation);
        operations = [.. workspace.Operations];
        segments = Segment.Cut(operations);
        workspace.AllocateGradients(segments, activation);
        workspace.AllocateScratch();
    }

    public long Bytes => workspace.Bytes;

    public double Gradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        Check(parameters, buffers, batch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, network.Layout.Length, nameof(gradient));
        ArgumentOutOfRangeException.ThrowIfNotEqual(pushedBuffers.Length, network.Layout.BufferLength, nameof(pushedBuffers));
        fixed (float* p = parameters, b = buffers, g = gradient, pushed = pushedBuffers, inputs = batch.Inputs)
        {
            pass.Bind(p, b, g, pushed);
            Begin(training: true, batch.Count, random);
            var total = 0.0;
            for (var first = 0; first < batch.Count; first += groupSamples)
            {
                EnterGroup(first);
                Forward(inputs);
                total += Differentiate(batch);
                Backward();
            }

            foreach (var operation in operations)
            {
                operation.End(pass);
            }

            return total / batch.Count;
        }
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions)
    {
        Check(parameters, buffers, batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(predictions.Length, network.Values > 0 ? 0 : batch.Count, nameof(predictions));
        fixed (float* p = parameters, b = buffers, inputs = batch.Inputs)
        {
            pass.Bind(p, b, null, null);
            Begin(training: false, batch.Count, null);
            var total = 0.0;
            for (var first = 0; first < batch.Count; first += groupSamples)
            {
                EnterGroup(first);
                Forward(inputs);
                for (var chunk = 0; chunk < pass.Chunks; chunk++)
                {
                    var samples = SamplesOf(chunk);
                    loss.Predict(chunk, network.Values > 0 ? default : predictions.Slice(samples.Start, samples.Length));
                    AddLoss(chunk, batch, samples, ref total);
                }
            }

            return total;
        }
    }

    public void Dispose() => workspace.Dispose();

    // A first convolution reads its input as it is stored, with zeros around it.
    private static int InputPadding(Network network) => network.Layers is [Conv2dLayer { Shape.Padding: var padding }, ..] ? padding : 0;

    private void Check(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, largestBatch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, network.Layout.Length, nameof(parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(buffers.Length, network.Layout.BufferLength, nameof(buffers));
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Inputs.Length, batch.Count * network.Input.Length, nameof(batch));
        if (network.Values > 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(batch.Values.Length, batch.Count * network.Values, nameof(batch));
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Labels.Length, batch.Count, nameof(batch));
        foreach (var label in batch.Labels[..batch.Count])
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)network.Classes, nameof(batch));
        }
    }

    private void Begin(bool training, int batchSamples, Random? random)
    {
        (pass.Training, pass.BatchSamples) = (training, batchSamples);
        foreach (var operation in operations)
        {
            operation.Begin(pass, random);
        }
    }

    private void EnterGroup(int first)
    {
        pass.FirstSample = first;
        pass.Samples = Math.Min(groupSamples, pass.BatchSamples - first);
        pass.Chunks = (pass.Samples + TLanes.Count - 1) / TLanes.Count;
    }

    private Piece SamplesOf(int chunk)
    {
        var first = chunk * TLanes.Count;
        return new Piece(pass.FirstSample + first, Math.Min(TLanes.Count, pass.Samples - first));
    }

    private void Forward(float* inputs)
    {
        for (var chunk = 0; chunk < pass.Chunks; chunk++)
        {
            var samples = SamplesOf(chunk);
            loader.Load(inputs + ((nint)samples.Start * network.Input.Length), samples.Length, chunk);
        }

        foreach (var segment in segments)
        {
            var step = segment.WholeForward ? pass.Chunks : 1;
            for (var chunk = 0; chunk < pass.Chunks; chunk += step)
            {
                for (var i = segment.Start; i < segment.End; i++)
                {
                    operations[i].Forward(pass, chunk, chunk + step);
                }
            }
        }
    }

    private double Differentiate(in Batch batch)
    {
        var total = 0.0;
        for (var chunk = 0; chunk < pass.Chunks; chunk++)
        {
            var samples = SamplesOf(chunk);
            AddLoss(chunk, batch, samples, ref total);
            loss.Gradient(chunk, batch, samples);
        }

        return total;
    }

    // The losses of a stripe are added up before they are added to the others': a fixed order at
    // any vector width.
    private void AddLoss(int chunk, in Batch batch, Piece samples, ref double total)
    {
        stripeLoss = LogicalLanes<TLanes>.PlaceOf(chunk) == 0 ? 0 : stripeLoss;
        loss.AddLosses(chunk, batch, samples, ref stripeLoss);
        if (LogicalLanes<TLanes>.PlaceOf(chunk + 1) == 0 || chunk + 1 == pass.Chunks)
        {
            total += stripeLoss;
        }
    }

    private void Backward()
    {
        for (var s = segments.Length - 1; s >= 0; s--)
        {
            var segment = segments[s];
            var step = segment.WholeBackward ? pass.Chunks : segment.StripesBackward ? LogicalLanes<TLanes>.ChunksPerStripe : 1;
            for (var chunk = 0; chunk < pass.Chunks; chunk += step)
            {
                for (var i = segment.End - 1; i >= segment.Start; i--)
                {
                    operations[i].Backward(pass, chunk, Math.Min(chunk + step, pass.Chunks));
                }
            }
        }
    }
}
