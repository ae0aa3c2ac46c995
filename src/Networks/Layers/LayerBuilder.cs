namespace Orchestrator.Networks;

/// <summary>Fits layers one behind the other.</summary>
internal static class LayerBuilder
{
    /// <summary>The layers in order, each with its parameters laid out.</summary>
    /// <exception cref="Abstractions.OptionException">A layer does not fit what comes before
    /// it.</exception>
    public static List<Layer> Build(IReadOnlyList<LayerOptions> options, Volume input, LayerScope scope, string listName)
    {
        var layers = new List<Layer>();
        for (var i = 0; i < options.Count; i++)
        {
            var at = scope.At(scope.Path.Length == 0 ? $"{listName}[{i}]" : $"{scope.Path}.{listName}[{i}]");
            layers.Add(Create(options[i], layers.Count == 0 ? input : layers[^1].Output, at));
        }

        return layers;
    }

    /// <summary>The layers of a path that is one layer, or a block of them.</summary>
    /// <exception cref="Abstractions.OptionException">A layer does not fit what comes before
    /// it.</exception>
    public static IReadOnlyList<Layer> BuildBranch(LayerOptions branch, Volume input, LayerScope scope) =>
        branch is SequentialOptions block ? Build(block.Layers, input, scope, "layers") : [Create(branch, input, scope)];

    private static Layer Create(LayerOptions options, Volume input, LayerScope scope)
    {
        try
        {
            var layer = Fit(options, input, scope);
            _ = layer.Output.Length;
            return layer;
        }
        catch (OverflowException)
        {
            throw scope.Misfit("", $"behind {input} it has more parameters or values than can be counted, {int.MaxValue}.");
        }
    }

    private static Layer Fit(LayerOptions options, Volume input, LayerScope scope) => options switch
    {
        Conv2dOptions conv2d => Conv2dLayer.Create(conv2d, input, scope),
        LinearOptions linear => LinearLayer.Create(linear, input, scope),
        ReluOptions => new ReluLayer(input),
        TanhOptions => new TanhLayer(input),
        MaxPoolOptions pool => new MaxPoolLayer(PoolShape.Create("max-pool", pool.Kernel, pool.Stride, pool.Padding, input, scope)),
        AveragePoolOptions pool => new AveragePoolLayer(PoolShape.Create("average-pool", pool.Kernel, pool.Stride, pool.Padding, input, scope)),
        GlobalAveragePoolOptions => new AveragePoolLayer(new PoolShape(input, input.Height, input.Width, 1)),
        BatchNormOptions batchNorm => BatchNormLayer.Create(batchNorm, input, scope),
        DropoutOptions dropout => new DropoutLayer(input, dropout.Rate),
        FlattenOptions => new FlattenLayer(input),
        PadChannelsOptions pad => PadChannelsLayer.Create(pad, input, scope),
        ConcatOptions concat => ConcatLayer.Create(concat, input, scope),
        SequentialOptions block => SequentialLayer.Create(block, input, scope),
        ResidualOptions residual => ResidualLayer.Create(residual, input, scope),
        _ => throw scope.Misfit("", $"there is no layer for {options.GetType().Name}."),
    };
}
