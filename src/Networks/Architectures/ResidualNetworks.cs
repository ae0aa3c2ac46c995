namespace Orchestrator.Networks;

/// <summary>The blocks that residual networks are made of.</summary>
internal static class ResidualNetworks
{
    public static Conv2dOptions Conv3(int channels, int stride = 1) => new(channels, 3, stride, Padding: 1, Bias: false);

    public static Conv2dOptions Conv1(int channels, int stride = 1) => new(channels, 1, stride, Bias: false);

    /// <summary>
    /// Convolution, normalisation, rectifier, twice; the second rectifier after the sum.
    /// </summary>
    public static LayerOptions[] BasicBlock(int channels, int stride, IReadOnlyList<LayerOptions>? shortcut) =>
    [
        new ResidualOptions(
            [Conv3(channels, stride), new BatchNormOptions(), new ReluOptions(), Conv3(channels), new BatchNormOptions()], shortcut),
        new ReluOptions(),
    ];

    /// <summary>Where a block changes the shape: a 1x1 convolution and a normalisation.</summary>
    public static LayerOptions[] Projection(int channels, int stride) => [Conv1(channels, stride), new BatchNormOptions()];

    /// <summary>
    /// Where a block changes the shape: every second place, and zeros for the new channels.
    /// </summary>
    public static LayerOptions[] Padding(int channels, int stride) => [new AveragePoolOptions(1, stride), new PadChannelsOptions(channels)];
}
