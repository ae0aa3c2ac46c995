using Orchestrator.Networks;

namespace Orchestrator.Models.Tests;

/// <summary>
/// The plain float64 version of a network in training, with PyTorch's layouts: what the kernels are
/// checked against.
/// </summary>
/// <param name="layers">The network.</param>
/// <param name="input">One sample.</param>
/// <param name="dropoutKeys">Two words per sample for each dropout layer, in order: what the
/// network draws from its stream.</param>
internal sealed class ReferenceNetwork(IReadOnlyList<LayerOptions> layers, Volume input, IReadOnlyList<(uint[] First, uint[] Second)>? dropoutKeys = null)
{
    private double[] parameters = [];
    private int offset;
    private int dropouts;

    /// <summary>Mean loss over a batch.</summary>
    public double Loss(double[] at, float[] inputs, int[] labels)
    {
        (parameters, offset, dropouts) = (at, 0, 0);
        var x = new double[labels.Length][];
        for (var sample = 0; sample < x.Length; sample++)
        {
            x[sample] = Array.ConvertAll(inputs[(sample * input.Length)..((sample + 1) * input.Length)], value => (double)value);
        }

        var logits = Apply(layers, x, input).Values;
        var total = 0.0;
        for (var sample = 0; sample < x.Length; sample++)
        {
            var largest = logits[sample].Max();
            total += largest + Math.Log(logits[sample].Select(v => Math.Exp(v - largest)).Sum()) - logits[sample][labels[sample]];
        }

        return total / labels.Length;
    }

    /// <summary>The central difference of the loss along one parameter.</summary>
    public double Slope(double[] at, int parameter, float[] inputs, int[] labels)
    {
        const double Step = 1e-6;
        var point = (double[])at.Clone();
        point[parameter] = at[parameter] + Step;
        var above = Loss(point, inputs, labels);
        point[parameter] = at[parameter] - Step;
        return (above - Loss(point, inputs, labels)) / (2 * Step);
    }

    private (double[][] Values, Volume Shape) Apply(IReadOnlyList<LayerOptions> list, double[][] x, Volume shape)
    {
        foreach (var layer in list)
        {
            (x, shape) = layer switch
            {
                Conv2dOptions conv => Convolve(conv, x, shape),
                LinearOptions linear => Multiply(linear, x, shape),
                MaxPoolOptions pool => Pool(Windows(shape, pool.Kernel, pool.Stride, pool.Padding), x, largest: true),
                AveragePoolOptions pool => Pool(Windows(shape, pool.Kernel, pool.Stride, pool.Padding), x, largest: false),
                GlobalAveragePoolOptions => Pool(new PoolShape(shape, shape.Height, shape.Width, 1), x, largest: false),
                ReluOptions => (Each(x, v => Math.Max(0, v)), shape),
                TanhOptions => (Each(x, Math.Tanh), shape),
                FlattenOptions => (x, new Volume(shape.Length, 1, 1)),
                BatchNormOptions norm => (Normalize(norm, x, shape), shape),
                DropoutOptions dropout => (Drop(dropout.Rate, x, shape), shape),
                PadChannelsOptions pad =>
                    (
                        Array.ConvertAll(x, s => s.Concat(new double[(pad.Channels - shape.Channels) * shape.Places]).ToArray()),
                        shape with { Channels = pad.Channels }),
                ResidualOptions residual => Add(residual, x, shape),
                ConcatOptions concat => Join(concat, x, shape),
                SequentialOptions block => Apply(block.Layers, x, shape),
                _ => throw new NotSupportedException(layer.GetType().Name),
            };
        }

        return (x, shape);
    }

    private static double[][] Each(double[][] x, Converter<double, double> function) => Array.ConvertAll(x, sample => Array.ConvertAll(sample, function));

    private (double[][] Values, Volume Shape) Convolve(Conv2dOptions o, double[][] x, Volume from)
    {
        var to = new ConvolutionShape(from, o.Channels, o.Kernel, o.Stride, o.Padding).Output;
        var taps = from.Channels * o.Kernel * o.Kernel;
        var (weights, bias) = (offset, offset + (to.Channels * taps));
        offset = bias + (o.Bias ? to.Channels : 0);
        return (Array.ConvertAll(x, sample => Convolve(o, sample, from, to, weights, bias)), to);
    }

    private double[] Convolve(Conv2dOptions o, double[] x, Volume from, Volume to, int weights, int bias)
    {
        var y = new double[to.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (channel, line, place) = (i / to.Places, i % to.Places / to.Width, i % to.Width);
            y[i] = o.Bias ? parameters[bias + channel] : 0;
            for (var tap = 0; tap < from.Channels * o.Kernel * o.Kernel; tap++)
            {
                var (c, a, b) = (tap / (o.Kernel * o.Kernel), tap / o.Kernel % o.Kernel, tap % o.Kernel);
                var (sy, sx) = ((line * o.Stride) - o.Padding + a, (place * o.Stride) - o.Padding + b);
                if (sy >= 0 && sy < from.Height && sx >= 0 && sx < from.Width)
                {
                    y[i] += parameters[weights + (channel * from.Channels * o.Kernel * o.Kernel) + tap] * x[(c * from.Places) + (sy * from.Width) + sx];
                }
            }
        }

        return y;
    }

    private (double[][] Values, Volume Shape) Multiply(LinearOptions o, double[][] x, Volume from)
    {
        var (weights, bias) = (offset, offset + (o.Features * from.Channels));
        offset = bias + (o.Bias ? o.Features : 0);
        double Feature(double[] sample, int row)
        {
            var sum = o.Bias ? parameters[bias + row] : 0;
            for (var column = 0; column < sample.Length; column++)
            {
                sum += parameters[weights + (row * sample.Length) + column] * sample[column];
            }

            return sum;
        }

        return (Array.ConvertAll(x, sample => Enumerable.Range(0, o.Features).Select(row => Feature(sample, row)).ToArray()), new Volume(o.Features, 1, 1));
    }

    private static PoolShape Windows(Volume shape, int kernel, int? stride, int? padding) => new(shape, kernel, kernel, stride ?? kernel, padding ?? 0);

    private static (double[][] Values, Volume Shape) Pool(PoolShape shape, double[][] x, bool largest)
    {
        var (from, to) = (shape.Input, shape.Output);
        double Window(double[] sample, int i)
        {
            var (channel, line, place) = (i / to.Places, i % to.Places / to.Width, i % to.Width);
            var (sum, maximum) = (0.0, double.NegativeInfinity);
            for (var tap = 0; tap < shape.WindowHeight * shape.WindowWidth; tap++)
            {
                var (top, left) = ((line * shape.Stride) - shape.Padding, (place * shape.Stride) - shape.Padding);
                var (y, z) = (top + (tap / shape.WindowWidth), left + (tap % shape.WindowWidth));
                if (y >= 0 && y < from.Height && z >= 0 && z < from.Width)
                {
                    var value = sample[(channel * from.Places) + (y * from.Width) + z];
                    (sum, maximum) = (sum + value, Math.Max(maximum, value));
                }
            }

            return largest ? maximum : sum / (shape.WindowHeight * shape.WindowWidth);
        }

        return (Array.ConvertAll(x, sample => Enumerable.Range(0, to.Length).Select(i => Window(sample, i)).ToArray()), to);
    }

    private double[][] Normalize(BatchNormOptions o, double[][] x, Volume shape)
    {
        var (scale, shift, places) = (offset, offset + shape.Channels, shape.Places);
        offset += 2 * shape.Channels;
        var y = Array.ConvertAll(x, sample => new double[sample.Length]);
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var values = x.SelectMany(sample => sample.Skip(channel * places).Take(places)).ToArray();
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Select(v => (v - mean) * (v - mean)).Average() + o.Epsilon);
            for (var i = 0; i < values.Length; i++)
            {
                y[i / places][(channel * places) + (i % places)] = ((values[i] - mean) / deviation * parameters[scale + channel]) + parameters[shift + channel];
            }
        }

        return y;
    }

    private double[][] Drop(double rate, double[][] x, Volume shape)
    {
        var (first, second) = dropoutKeys![dropouts++];
        bool Stays(int sample, int i)
        {
            var index = (uint)((i % shape.Places * shape.Channels) + (i / shape.Places));
            return Mix(Mix(index ^ first[sample]) + second[sample]) >= (uint)(rate * 4294967296.0);
        }

        return [.. x.Select((values, sample) => values.Select((value, i) => Stays(sample, i) ? value / (1 - rate) : 0).ToArray())];
    }

    // The finaliser of MurmurHash3.
    private static uint Mix(uint bits)
    {
        bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
        bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
        return bits ^ (bits >> 16);
    }

    // Channels are outermost, so that joining them is joining the samples.
    private (double[][] Values, Volume Shape) Join(ConcatOptions o, double[][] x, Volume shape)
    {
        var ends = o.Branches.Select(branch => Apply([branch], x, shape)).ToList();
        return (
            [.. x.Select((_, sample) => ends.SelectMany(end => end.Values[sample]).ToArray())],
            ends[0].Shape with { Channels = ends.Sum(end => end.Shape.Channels) });
    }

    private (double[][] Values, Volume Shape) Add(ResidualOptions o, double[][] x, Volume shape)
    {
        var (sum, to) = Apply(o.Layers, x, shape);
        var other = Apply(o.Shortcut ?? [], x, shape).Values;
        return ([.. sum.Select((values, sample) => values.Select((value, i) => value + other[sample][i]).ToArray())], to);
    }
}
