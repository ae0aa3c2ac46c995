using Orchestrator.Networks;

namespace Orchestrator.Models.Tests;

public sealed class GradientTests
{
    private static readonly Dictionary<string, (int[] Input, LayerOptions[] Layers)> Networks = new()
    {
        ["linear"] = ([7], [new LinearOptions(3)]),
        ["linear without bias"] = ([37], [new LinearOptions(21, Bias: false), new TanhOptions(), new LinearOptions(3)]),
        ["relu chain"] = ([5], [new LinearOptions(19), new ReluOptions(), new LinearOptions(6), new ReluOptions(), new LinearOptions(3)]),
        ["relu on the input"] = ([6], [new ReluOptions(), new LinearOptions(3)]),
        ["conv"] = ([2, 5, 6], [new Conv2dOptions(3, 3), new FlattenOptions(), new LinearOptions(3)]),
        ["conv, padded input"] = ([1, 6, 5], [new Conv2dOptions(5, 3, Padding: 1), new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["conv, padding inside"] =
            ([2, 5, 5], [new Conv2dOptions(4, 1), new TanhOptions(), new Conv2dOptions(3, 5, Padding: 2), new FlattenOptions(), new LinearOptions(3)]),
        ["conv, stride 2"] =
            ([2, 7, 8],
            [new Conv2dOptions(3, 1), new Conv2dOptions(6, 3, Stride: 2, Padding: 1, Bias: false), new TanhOptions(), new FlattenOptions(),
                new LinearOptions(3)]),
        ["conv, stride above kernel"] =
            ([1, 9, 9], [new Conv2dOptions(2, 1), new Conv2dOptions(3, 2, Stride: 3), new FlattenOptions(), new LinearOptions(3)]),
        ["conv, padding beyond kernel"] =
            ([1, 3, 3], [new Conv2dOptions(2, 1), new Conv2dOptions(2, 2, Stride: 2, Padding: 3), new FlattenOptions(), new LinearOptions(3)]),
        ["conv of many channels"] =
            ([1, 7, 6], [new Conv2dOptions(16, 1), new Conv2dOptions(17, 3), new TanhOptions(), new GlobalAveragePoolOptions(), new LinearOptions(3)]),
        ["conv of many channels, padding"] =
            ([1, 4, 4],
            [new Conv2dOptions(16, 1), new Conv2dOptions(16, 3, Padding: 2, Bias: false), new TanhOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["residual of many channels, rectified"] =
            ([1, 4, 5], [new Conv2dOptions(16, 1), new ReluOptions(),
                new ResidualOptions([new TanhOptions(), new Conv2dOptions(16, 3, Padding: 1, Bias: false)]), new ReluOptions(),
                new ResidualOptions([new Conv2dOptions(16, 3, Padding: 1), new ReluOptions()]), new GlobalAveragePoolOptions(), new LinearOptions(3)]),
        ["max-pool"] = ([2, 6, 4], [new Conv2dOptions(3, 1), new MaxPoolOptions(2), new FlattenOptions(), new LinearOptions(3)]),
        ["max-pool, line by line"] =
            ([2, 6, 8], [new Conv2dOptions(6, 3, Padding: 1), new ReluOptions(), new MaxPoolOptions(2), new FlattenOptions(), new LinearOptions(3)]),
        ["max-pool, line by line, without a rectifier"] =
            ([2, 4, 6], [new Conv2dOptions(4, 1), new MaxPoolOptions(2), new FlattenOptions(), new LinearOptions(3)]),
        ["max-pool, overlapping"] = ([2, 7, 6], [new Conv2dOptions(3, 1), new MaxPoolOptions(3, 2), new FlattenOptions(), new LinearOptions(3)]),
        ["max-pool, with a rest"] =
            ([1, 7, 5], [new Conv2dOptions(2, 1), new ReluOptions(), new MaxPoolOptions(2), new FlattenOptions(), new LinearOptions(3)]),
        ["average-pool"] = ([2, 5, 6], [new Conv2dOptions(3, 1), new AveragePoolOptions(2), new FlattenOptions(), new LinearOptions(3)]),
        ["average-pool, overlapping"] = ([2, 7, 6], [new Conv2dOptions(3, 1), new AveragePoolOptions(3, 2), new FlattenOptions(), new LinearOptions(3)]),
        ["global-average-pool"] = ([2, 3, 4], [new Conv2dOptions(5, 2), new TanhOptions(), new GlobalAveragePoolOptions(), new LinearOptions(3)]),
        ["batch-norm of features"] = ([6], [new LinearOptions(7), new BatchNormOptions(), new TanhOptions(), new LinearOptions(3)]),
        ["batch-norm of images"] =
            ([2, 4, 3],
            [new Conv2dOptions(5, 3, Padding: 1, Bias: false), new BatchNormOptions(), new ReluOptions(), new GlobalAveragePoolOptions(),
                new LinearOptions(3)]),
        ["batch-norm of the input"] = ([2, 4, 3], [new BatchNormOptions(0.1), new FlattenOptions(), new LinearOptions(3)]),
        ["dropout"] = ([9], [new LinearOptions(20), new DropoutOptions(0.3), new TanhOptions(), new DropoutOptions(0.5), new LinearOptions(3)]),
        ["dropout of images"] = ([2, 4, 4], [new Conv2dOptions(3, 1), new DropoutOptions(0.4), new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["pad-channels"] =
            ([2, 3, 4], [new Conv2dOptions(3, 1), new PadChannelsOptions(5), new Conv2dOptions(2, 2), new FlattenOptions(), new LinearOptions(3)]),
        ["residual"] =
            ([2, 4, 4],
            [new Conv2dOptions(3, 1), new ResidualOptions([new Conv2dOptions(3, 3, Padding: 1), new TanhOptions()]), new FlattenOptions(),
                new LinearOptions(3)]),
        ["residual with relu first"] =
            ([2, 4, 4],
            [new Conv2dOptions(3, 1), new ResidualOptions([new ReluOptions(), new Conv2dOptions(3, 1)]), new ReluOptions(), new FlattenOptions(),
                new LinearOptions(3)]),
        ["residual with shortcut"] =
            ([2, 4, 4],
            [new Conv2dOptions(3, 1), new ResidualOptions([new Conv2dOptions(4, 3, 2, 1), new TanhOptions()], [new AveragePoolOptions(1, 2),
                new PadChannelsOptions(4)]),
                new FlattenOptions(), new LinearOptions(3)]),
        ["residual of residuals, batch-norm first"] =
            ([2, 4, 4], [new Conv2dOptions(3, 1),
                new ResidualOptions([new BatchNormOptions(), new ResidualOptions([new Conv2dOptions(3, 3, Padding: 1), new BatchNormOptions(),
                    new TanhOptions()])], [new Conv2dOptions(3, 1)]),
                new GlobalAveragePoolOptions(), new LinearOptions(3)]),
        ["residual that ends in a convolution"] =
            ([2, 4, 4], [new Conv2dOptions(3, 1),
                new ResidualOptions([new TanhOptions(), new Conv2dOptions(3, 3, Padding: 1, Bias: false)]), new ReluOptions(),
                new ResidualOptions([new Conv2dOptions(4, 3, Padding: 1), new Conv2dOptions(3, 1, Bias: false)]),
                new FlattenOptions(), new LinearOptions(3)]),
        ["residual of one convolution"] =
            ([2, 4, 4],
            [new Conv2dOptions(3, 1), new ResidualOptions([new Conv2dOptions(3, 3, Padding: 1, Bias: false)]), new ReluOptions(), new FlattenOptions(),
                new LinearOptions(3)]),
        ["residual of one batch-norm"] =
            ([2, 4, 4],
            [new Conv2dOptions(3, 1), new ResidualOptions([new BatchNormOptions()]), new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["residual of the input, one batch-norm"] =
            ([2, 4, 4], [new ResidualOptions([new BatchNormOptions()]), new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["residual of the input, without bias"] =
            ([2, 4, 4],
            [new ResidualOptions([new TanhOptions(), new Conv2dOptions(2, 3, Padding: 1, Bias: false)]), new FlattenOptions(), new LinearOptions(3)]),
        ["residual whose sum is rectified inside"] =
            ([2, 4, 4], [new Conv2dOptions(3, 1),
                new ResidualOptions([new ResidualOptions([new TanhOptions(), new Conv2dOptions(3, 1, Bias: false)]),
                    new ReluOptions()], [new Conv2dOptions(3, 3, Padding: 1, Bias: false), new BatchNormOptions()]),
                new FlattenOptions(), new LinearOptions(3)]),
        ["residual of two convolutions of the input, rectified"] =
            ([2, 4, 4], [new ResidualOptions([new Conv2dOptions(3, 3, Padding: 1, Bias: false)], [new Conv2dOptions(3, 1), new TanhOptions()]),
                new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["residual of convolutions, pooled"] =
            ([2, 4, 6], [new Conv2dOptions(4, 1), new ResidualOptions([new TanhOptions(), new Conv2dOptions(4, 3, Padding: 1, Bias: false)]), new ReluOptions(),
                new MaxPoolOptions(2), new FlattenOptions(), new LinearOptions(3)]),
        ["conv, rectified and pooled"] =
            ([1, 6, 9], [new Conv2dOptions(4, 1), new ReluOptions(), new MaxPoolOptions(3), new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["max-pool, padded"] = ([2, 7, 6], [new Conv2dOptions(3, 1), new MaxPoolOptions(3, 2, 1), new FlattenOptions(), new LinearOptions(3)]),
        ["max-pool, padded, windows of two"] = ([2, 5, 6], [new Conv2dOptions(3, 1), new MaxPoolOptions(2, 2, 1), new FlattenOptions(), new LinearOptions(3)]),
        ["average-pool, padded"] = ([2, 5, 6], [new Conv2dOptions(3, 1), new AveragePoolOptions(4, 3, 2), new FlattenOptions(), new LinearOptions(3)]),
        ["pool of more than the image"] =
            ([1, 2, 3], [new Conv2dOptions(3, 1), new MaxPoolOptions(4, 1, 2), new AveragePoolOptions(5, 2, 2), new FlattenOptions(), new LinearOptions(3)]),
        ["concat of convolutions"] =
            ([2, 4, 5], [new Conv2dOptions(3, 1), new ReluOptions(),
                new ConcatOptions([new SequentialOptions([new Conv2dOptions(2, 1), new ReluOptions()]), new Conv2dOptions(5, 3, Padding: 1)]),
                new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["concat of the input"] =
            ([2, 4, 5], [new ConcatOptions([new Conv2dOptions(3, 3, Padding: 1), new SequentialOptions([]), new AveragePoolOptions(3, 1, 1)]),
                new FlattenOptions(), new LinearOptions(3)]),
        ["concat of the input alone"] =
            ([2, 3, 3], [new ConcatOptions([new MaxPoolOptions(3, 1, 1), new SequentialOptions([])]), new FlattenOptions(), new LinearOptions(3)]),
        ["concat of the same twice, pooled"] =
            ([2, 4, 6], [new Conv2dOptions(4, 1), new ConcatOptions([new SequentialOptions([]), new SequentialOptions([])]), new MaxPoolOptions(2),
                new FlattenOptions(), new LinearOptions(3)]),
        ["concat of features"] =
            ([7], [new LinearOptions(5), new TanhOptions(),
                new ConcatOptions([new LinearOptions(4), new SequentialOptions([new LinearOptions(3), new TanhOptions()])]),
                new LinearOptions(3)]),
        ["concat in a concat and in a residual"] =
            ([2, 4, 4], [new Conv2dOptions(4, 1),
                new ResidualOptions([new ConcatOptions([
                    new Conv2dOptions(1, 1), new ConcatOptions([new Conv2dOptions(2, 3, Padding: 1), new Conv2dOptions(1, 1)])])]),
                new ReluOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["inception modules, batch-norm"] =
            ([2, 6, 6], [
                new SequentialOptions([new Conv2dOptions(4, 3, Padding: 1), new BatchNormOptions(), new ReluOptions()]),
                new ConcatOptions([
                    new SequentialOptions([new Conv2dOptions(2, 1), new BatchNormOptions(), new ReluOptions()]),
                    new SequentialOptions([new Conv2dOptions(3, 3, Padding: 1), new BatchNormOptions(), new ReluOptions()])]),
                new ConcatOptions([
                    new SequentialOptions([new Conv2dOptions(3, 3, 2, 1), new BatchNormOptions(), new ReluOptions()]), new MaxPoolOptions(3, 2, 1)]),
                new BatchNormOptions(), new GlobalAveragePoolOptions(), new LinearOptions(3)]),
        ["concat with dropout"] =
            ([2, 4, 4], [new Conv2dOptions(3, 1),
                new ConcatOptions([new DropoutOptions(0.3), new SequentialOptions([new Conv2dOptions(2, 1), new DropoutOptions(0.5)])]),
                new FlattenOptions(), new LinearOptions(3)]),
        ["conv of features, padded"] = ([7], [new Conv2dOptions(5, 3, Padding: 1), new TanhOptions(), new FlattenOptions(), new LinearOptions(3)]),
        ["conv of one place, padded"] = ([4, 1, 1], [new Conv2dOptions(3, 5, Padding: 2, Bias: false), new FlattenOptions(), new LinearOptions(3)]),
        ["residual of the input"] = ([2, 4, 4], [new ResidualOptions([new Conv2dOptions(2, 3, Padding: 1)]), new FlattenOptions(), new LinearOptions(3)]),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_OfEveryLayerOnEveryPath_IsCentralDifference(string network)
    {
        var (input, layers) = Networks[network];

        // A batch-norm of one or two values has almost no gradient to compare.
        foreach (var count in network.Contains("batch-norm", StringComparison.Ordinal) ? new[] { 6, 19 } : [1, 5, 19])
        {
            var samples = new Samples(layers, Samples.Shape(3, input), count, seed: count);
            var expectedLoss = samples.Reference().Loss(Array.ConvertAll(samples.Parameters, p => (double)p), samples.Inputs, samples.Labels);
            var (chosen, slopes) = samples.CentralDifferences(atMost: 100);
            foreach (var path in Paths.Supported)
            {
                var (loss, gradient) = samples.Differentiate(path);
                Assert.Equal(expectedLoss, loss, 1e-5);
                Assert.InRange(Samples.RelativeError(slopes, chosen.Select(i => (double)gradient[i])), 0, 5e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths.Names), MemberType = typeof(Paths))]
    public void Gradient_AfterOtherWork_HasSameBits(string path)
    {
        var layers = Architectures.LeNet5;
        var data = Samples.Shape(10, 1, 28, 28);
        var (samples, others) = (new Samples(layers, data, 21), new Samples(layers, data, 100, seed: 2));
        var fresh = samples.Differentiate(Enum.Parse<VectorPath>(path));

        using var replica = samples.Objective(Enum.Parse<VectorPath>(path)).CreateReplica(100);
        Array.Fill(others.Parameters, float.NaN);
        others.Differentiate(replica);
        replica.Evaluate(others.Parameters, [], others.Batch, new int[100]);
        var (loss, gradient) = samples.Differentiate(replica);

        Assert.Equal(fresh.Loss, loss);
        Assert.Equal(fresh.Gradient, gradient);
    }

    [Theory]
    [MemberData(nameof(Paths.Names), MemberType = typeof(Paths))]
    public void Gradient_OfWarmReplica_AllocatesNothing(string path)
    {
        var samples = new Samples(Architectures.LeNet5, Samples.Shape(10, 1, 28, 28), 9);
        using var replica = samples.Objective(Enum.Parse<VectorPath>(path)).CreateReplica(9);
        var (gradient, random, predictions) = (new float[samples.Parameters.Length], new Numerics.RandomStreams(1).Open("x"), new int[9]);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            replica.Gradient(samples.Parameters, [], samples.Batch, random, gradient, []);
            replica.Evaluate(samples.Parameters, [], samples.Batch, predictions);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // A method that the runtime compiles anew in between may cost something, once.
        Allocated();
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ => Allocated()));
    }

    [Fact]
    public void Evaluate_SumsTheLossesAndPredictsTheLargestLogit()
    {
        var samples = new Samples([new LinearOptions(4)], Samples.Shape(4, 6), 150);
        foreach (var path in Paths.Supported)
        {
            using var replica = samples.Objective(path).CreateReplica(150);
            var predictions = new int[150];
            var sum = replica.Evaluate(samples.Parameters, [], samples.Batch, predictions);
            var parameters = samples.Parameters.Select(p => (double)p).ToArray();
            Assert.Equal(150 * samples.Reference().Loss(parameters, samples.Inputs, samples.Labels), sum, 1e-3);
            for (var sample = 0; sample < 150; sample++)
            {
                var logits = Enumerable.Range(0, 4)
                    .Select(c => parameters[24 + c]
                        + Enumerable.Range(0, 6).Select(i => parameters[(6 * c) + i] * samples.Inputs[(6 * sample) + i]).Sum()).ToArray();
                Assert.Equal(Array.IndexOf(logits, logits.Max()), predictions[sample]);
            }
        }
    }

    [Fact]
    public void Evaluate_OfEqualLogits_PredictsTheLowestClass()
    {
        var samples = new Samples([new LinearOptions(4)], Samples.Shape(4, 6), 3);
        using var replica = samples.Objective(Paths.Supported.Last()).CreateReplica(3);
        var predictions = new[] { 9, 9, 9 };
        var sum = replica.Evaluate(new float[samples.Parameters.Length], [], samples.Batch, predictions);
        Assert.Equal(new[] { 0, 0, 0 }, predictions);
        Assert.Equal(3 * Math.Log(4), sum, 1e-6);
    }
}
