using Orchestrator.Networks;
using Orchestrator.Numerics;

namespace Orchestrator.Models.Tests;

/// <summary>Small networks of odd shapes, drawn from a seed.</summary>
internal static class RandomNetworks
{
    public static (int[] Input, List<LayerOptions> Layers, int Batch) Draw(int seed)
    {
        var random = new RandomStreams(seed).Open("network");
        int[] input = [random.Next(1, 4), random.Next(3, 12), random.Next(3, 12)];
        var shape = new Volume(input[0], input[1], input[2]);
        var layers = new List<LayerOptions>();
        if (random.Next(3) == 0)
        {
            layers.AddRange([new Conv2dOptions(random.Next(16, 19), 1), new Conv2dOptions(random.Next(16, 19), 3, 1, random.Next(3), random.Next(2) == 0)]);
            shape = OutputOf(layers, shape);
        }

        for (var depth = random.Next(1, 5); depth > 0; depth--)
        {
            var layer = Draw(random, shape);
            layers.Add(layer);
            shape = OutputOf([layer], shape);
        }

        layers.Add(random.Next(2) == 0 ? new FlattenOptions() : new GlobalAveragePoolOptions());
        layers.Add(new LinearOptions(random.Next(1, 20)));
        layers.Add(new TanhOptions());
        layers.Add(new LinearOptions(3));
        return (input, layers, random.Next(2, 23));
    }

    // Of the same height and width.
    private static LayerOptions Branch(RandomStream random) => random.Next(5) switch
    {
        0 => new SequentialOptions([]),
        1 => new MaxPoolOptions(3, 1, 1),
        2 => new AveragePoolOptions(3, 1, 1),
        3 => new SequentialOptions(
            [new Conv2dOptions(random.Next(1, 6), 1), new TanhOptions(), new Conv2dOptions(random.Next(1, 6), 3, Padding: 1, Bias: false)]),
        _ => new Conv2dOptions(random.Next(1, 13), 3, Padding: 1),
    };

    /// <summary>
    /// A small network around residual blocks within residual blocks, whose inputs have several
    /// readers.
    /// </summary>
    public static (int[] Input, List<LayerOptions> Layers, int Batch) DrawBlocks(int seed)
    {
        var random = new RandomStreams(seed).Open("blocks");
        var channels = random.Next(2, 6);
        List<LayerOptions> layers =
        [
            new Conv2dOptions(channels, 3, Padding: 1), random.Next(2) == 0 ? new TanhOptions() : new BatchNormOptions(), Residual(random, channels, 2),
            random.Next(2) == 0 ? new FlattenOptions() : new GlobalAveragePoolOptions(), new LinearOptions(3),
        ];
        return ([random.Next(1, 3), random.Next(3, 6), random.Next(3, 6)], layers, random.Next(2, 20));
    }

    // With blocks in it, at its start or its end, in its shortcut or beside an empty branch.
    private static ResidualOptions Residual(RandomStream random, int channels, int depth)
    {
        LayerOptions inner = depth > 0 && random.Next(2) == 0 ? Residual(random, channels, depth - 1) : new SequentialOptions([]);
        var conv = new Conv2dOptions(channels, 3, Padding: 1, Bias: random.Next(2) == 0);
        return random.Next(6) switch
        {
            0 => new([conv, new TanhOptions()], inner is ResidualOptions ? [inner] : []),
            1 => new([inner, conv]),
            2 => new([conv, new TanhOptions(), inner]),
            3 => new([new ConcatOptions([inner, conv, new SequentialOptions([])]), new Conv2dOptions(channels, 1)]),
            4 => new([inner]),
            _ => new([conv]),
        };
    }

    private static Volume OutputOf(IReadOnlyList<LayerOptions> layers, Volume shape) =>
        LayerBuilder.Build(layers, shape, new LayerScope("", "", new TensorTable()), "layers")[^1].Output;

    private static LayerOptions Draw(RandomStream random, Volume shape)
    {
        var side = Math.Min(shape.Height, shape.Width);
        var kernel = random.Next(1, Math.Min(side, 5) + 1);
        return random.Next(10) switch
        {
            0 => new MaxPoolOptions(kernel, random.Next(1, 4), random.Next((kernel / 2) + 1)),
            1 => new AveragePoolOptions(kernel, random.Next(1, 4), random.Next((kernel / 2) + 1)),
            2 => new TanhOptions(),
            3 => new DropoutOptions(0.3),
            4 => new PadChannelsOptions(shape.Channels + random.Next(3)),
            5 => Residual(random, shape.Channels, 2),
            6 => new ConcatOptions([.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Branch(random))]),
            _ => new Conv2dOptions(random.Next(1, 13), kernel, random.Next(1, 4), random.Next(0, kernel + 1), random.Next(2) == 0),
        };
    }
}
