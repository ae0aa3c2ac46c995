using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Turns layers into operations. A layer that the operation before it can do in the pass that
/// writes its output (a rectifier, the sum of a residual block, a pooling) becomes part of that
/// operation.
/// </summary>
internal sealed unsafe class LayerAssembly<TLanes>(Workspace<TLanes> workspace) where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Appends a layer's operations and returns what they produce.</summary>
    public Activation Append(Layer layer, Activation input) => layer switch
    {
        Conv2dLayer conv2d => Append(conv2d, input),
        LinearLayer linear => Append(linear, input),
        ReluLayer => Rectify(input),
        TanhLayer => Append(new ElementwiseOperation<TLanes, Tanh<TLanes>>(input, Follower(layer, input, out var output)), output, input),
        MaxPoolLayer pool => Append(pool.Shape, input),
        AveragePoolLayer pool => Append(new AveragePoolOperation<TLanes>(pool.Shape, input, Follower(layer, input, out var output)), output, input),
        BatchNormLayer batchNorm => Append(batchNorm, input),
        DropoutLayer { Rate: 0 } => input,
        DropoutLayer dropout => Append(new DropoutOperation<TLanes>(workspace, dropout.Rate, input, Follower(layer, input, out var output)), output, input),
        FlattenLayer flatten => Append(flatten, input),
        PadChannelsLayer => Append(new PadChannelsOperation<TLanes>(input, Follower(layer, input, out var output)), output, input),
        ResidualLayer residual => Append(residual, input),
        ConcatLayer concat => Append(concat, input),
        SequentialLayer block => Append(block.Layers, input),
        _ => throw new NotSupportedException($"There are no kernels for {layer.GetType().Name}."),
    };

    private Activation Append(IReadOnlyList<Layer> layers, Activation input) => layers.Aggregate(input, (activation, next) => Append(next, activation));

    private Activation Append(Operation operation, Activation output, Activation input) => workspace.Append(operation, output, input);

    private Activation Follower(Layer layer, Activation input, out Activation output) =>
        output = workspace.CreateActivation(layer.Output, input.HasGradient);

    private Activation Append(Conv2dLayer layer, Activation input)
    {
        // The network's input may come with its padding.
        var shape = input.Volume == layer.Input ? layer.Shape : layer.Shape with { Input = input.Volume, Padding = 0 };
        var output = workspace.CreateActivation(layer.Output);
        return Append(new Conv2dOperation<TLanes>(workspace, shape, layer.Weight, layer.Bias, input, output), output, input);
    }

    private Activation Append(LinearLayer layer, Activation input)
    {
        var output = workspace.CreateActivation(layer.Output);
        return Append(new LinearOperation<TLanes>(workspace, layer.Weight, layer.Bias, input, output), output, input);
    }

    private Activation Rectify(Activation input)
    {
        if (workspace.SoleProducer(input) is IFusesRelu producer)
        {
            producer.Rectify = true;
            return input;
        }

        var output = workspace.CreateActivation(input.Volume, input.HasGradient);
        return Append(new ElementwiseOperation<TLanes, Relu<TLanes>>(input, output), output, input);
    }

    private Activation Append(BatchNormLayer layer, Activation input)
    {
        var statistics = new BatchStatistics<TLanes>(workspace, layer, input);
        var output = workspace.CreateActivation(layer.Output);
        var statisticsOperation = new BatchStatisticsOperation<TLanes>(statistics, input, output);
        workspace.AppendReader(statisticsOperation, input);
        workspace.UseGradient(statisticsOperation, output);
        return workspace.Append(new NormalizeOperation<TLanes>(statistics, input, output), output);
    }

    private Activation Append(FlattenLayer layer, Activation input)
    {
        if (input.Volume.IsFlat || input.Volume.Channels == 1)
        {
            return input.Reshape(layer.Output);
        }

        var output = workspace.CreateActivation(layer.Output, input.HasGradient);
        return Append(new FlattenOperation<TLanes>(input, output), output, input);
    }

    private Activation Append(PoolShape shape, Activation input)
    {
        var producer = shape.CoversOnce ? workspace.SoleProducer(input) as IReleasesOutput : null;
        if (producer is not null)
        {
            input.PutGradientInPlace();
        }

        var output = workspace.CreateActivation(shape.Output, input.HasGradient);
        var rectifies = producer?.ReleaseOutput() ?? false;
        var isOfFour = shape is { WindowHeight: 2, WindowWidth: 2 };
        var lines = isOfFour && producer is ILineProducer able && able.CanProduceLines(2) ? able : null;
        workspace.Append(new MaxPoolOperation<TLanes>(shape, input, output, rectifies) { IsFedByLines = lines is not null }, output, input);
        if (lines is not null)
        {
            lines.SendLinesTo(new MaxPoolLines<TLanes>(workspace, shape, output, rectifies));
            workspace.UseGradient((Operation)lines, output);
        }

        return output;
    }

    private Activation Append(ResidualLayer layer, Activation input)
    {
        // The shortcut first: what its end gives back is complete before the operations that it
        // came from run backward. The addition overwrites its addends' gradients, so it must be the
        // last that reads them, and reads each once; what others read too is copied for it.
        var isReadElsewhere = !workspace.Share(input);
        var sideways = Append(layer.Shortcut, input);
        if (isReadElsewhere && sideways.Origin == input.Origin)
        {
            sideways = Copy(sideways);
        }

        var sum = Append(layer.Layers, input);
        if (sum.Origin == input.Origin)
        {
            sum = Copy(sum);
        }

        if (workspace.SoleProducer(sum) is IFusesShortcut adder and not IFusesRelu { Rectify: true } && adder.TryAdd(sideways))
        {
            return workspace.FuseSum(sum, sideways);
        }

        var output = workspace.CreateActivation(layer.Output, sum.HasGradient || sideways.HasGradient);
        return workspace.Append(new AddOperation<TLanes>(sum, sideways, output), output, sum, sideways);
    }

    private Activation Copy(Activation input)
    {
        var output = workspace.CreateActivation(input.Volume, input.HasGradient);
        return workspace.Append(new ConcatOperation<TLanes>(input, output, 0), output, input);
    }

    private Activation Append(ConcatLayer layer, Activation input)
    {
        workspace.Share(input);
        var ends = layer.Branches.Select(branch => Append(branch, input)).ToList();
        var output = workspace.CreateActivation(layer.Output, ends.Any(end => end.HasGradient));
        var channel = 0;
        foreach (var end in ends)
        {
            workspace.Append(new ConcatOperation<TLanes>(end, output, channel), output, end);
            channel += end.Volume.Channels;
        }

        return output;
    }
}
