namespace Orchestrator.Models.Tests;

/// <summary>The plain float64 version of a network's forward pass, one sample at a time, with PyTorch's layouts: what the kernels are checked against.</summary>
internal sealed class ReferenceNetwork(IReadOnlyList<LayerOptions> layers, Volume input)
{
    /// <summary>Mean loss over a batch.</summary>
    public double Loss(double[] parameters, float[] inputs, int[] labels)
    {
        var total = 0.0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            var x = inputs.Skip(sample * input.Length).Take(input.Length).Select(v => (double)v).ToArray();
            var logits = Forward(parameters, x);
            var largest = logits.Max();
            total += largest + Math.Log(logits.Select(v => Math.Exp(v - largest)).Sum()) - logits[labels[sample]];
        }

        return total / labels.Length;
    }

    /// <summary>Central differences of the loss, parameter by parameter.</summary>
    public double[] Gradient(double[] parameters, float[] inputs, int[] labels)
    {
        const double Step = 1e-6;
        var point = (double[])parameters.Clone();
        var gradient = new double[parameters.Length];
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = parameters[i] + Step;
            var above = Loss(point, inputs, labels);
            point[i] = parameters[i] - Step;
            gradient[i] = (above - Loss(point, inputs, labels)) / (2 * Step);
            point[i] = parameters[i];
        }

        return gradient;
    }

    private double[] Forward(double[] parameters, double[] x)
    {
        var (shape, offset) = (input, 0);
        foreach (var layer in layers)
        {
            (x, shape) = layer switch
            {
                Conv2dOptions conv => Convolve(conv, x, shape, parameters, ref offset),
                LinearOptions linear => Multiply(linear, x, shape, parameters, ref offset),
                MaxPoolOptions pool => Pool(pool.Kernel, pool.Stride ?? pool.Kernel, x, shape, window => window.Max()),
                ReluOptions => (x.Select(v => Math.Max(0, v)).ToArray(), shape),
                TanhOptions => (x.Select(Math.Tanh).ToArray(), shape),
                FlattenOptions => (x, new Volume(shape.Length, 1, 1)),
                _ => throw new NotSupportedException(layer.GetType().Name),
            };
        }

        return x;
    }

    private static (double[] Values, Volume Shape) Convolve(Conv2dOptions o, double[] x, Volume from, double[] parameters, ref int offset)
    {
        var to = new ConvolutionShape(from, o.Channels, o.Kernel, o.Stride, o.Padding).Output;
        var weights = offset;
        var bias = weights + (to.Channels * from.Channels * o.Kernel * o.Kernel);
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

        offset = bias + (o.Bias ? to.Channels : 0);
        return (y, to);
    }

    private static (double[] Values, Volume Shape) Multiply(LinearOptions o, double[] x, Volume from, double[] parameters, ref int offset)
    {
        var weights = offset;
        var bias = weights + (o.Features * from.Channels);
        var y = new double[o.Features];
        for (var row = 0; row < y.Length; row++)
        {
            y[row] = o.Bias ? parameters[bias + row] : 0;
            for (var column = 0; column < x.Length; column++)
            {
                y[row] += parameters[weights + (row * x.Length) + column] * x[column];
            }
        }

        offset = bias + (o.Bias ? o.Features : 0);
        return (y, new Volume(o.Features, 1, 1));
    }

    private static (double[] Values, Volume Shape) Pool(int kernel, int stride, double[] x, Volume from, Func<IEnumerable<double>, double> reduce)
    {
        var to = new PoolShape(from, kernel, stride).Output;
        var y = new double[to.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (channel, line, place) = (i / to.Places, i % to.Places / to.Width, i % to.Width);
            var origin = (channel * from.Places) + (line * stride * from.Width) + (place * stride);
            y[i] = reduce(Enumerable.Range(0, kernel * kernel).Select(tap => x[origin + (tap / kernel * from.Width) + (tap % kernel)]));
        }

        return (y, to);
    }
}
