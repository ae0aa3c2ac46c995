using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>
/// The noisy quadratic: loss = sum of lambda_i x_i^2 / 2, eigenvalues log-spaced from 1 to 0.01,
/// start at 1, gradient lambda x + noise. The noise of a worker's batch depends on the two numbers
/// alone.
/// </summary>
/// <param name="length">k, at least 2.</param>
/// <param name="deviation">Standard deviation of each element's noise.</param>
/// <param name="seed">Of the noise.</param>
public sealed class NoisyQuadratic(int length, double deviation = 0.05, long seed = 1)
{
    private readonly RandomStreams streams = new(seed);
    private readonly double[] eigenvalues = [.. Enumerable.Range(0, length).Select(i => Elementary.Power(100.0, -(double)i / (length - 1)))];

    /// <summary>Number of elements, k.</summary>
    public int Length => length;

    /// <summary>The lambdas, from 1 down to 0.01.</summary>
    public IReadOnlyList<double> Eigenvalues => eigenvalues;

    /// <summary>The noise in the gradient of a worker's batch.</summary>
    public double[] Noise(int worker, long batch)
    {
        var stream = streams.Open("noise", worker, batch);
        return [.. eigenvalues.Select(_ => deviation * Normal(stream))];
    }

    /// <summary>The gradient of a worker's batch, overwritten: lambda x + noise.</summary>
    /// <param name="worker">The worker, from 0.</param>
    /// <param name="batch">Number of the worker's batch, from 0.</param>
    /// <param name="at">x; length k.</param>
    /// <param name="gradient">Where it is written; length k.</param>
    public void Gradient(int worker, long batch, ReadOnlySpan<float> at, Span<float> gradient)
    {
        var noise = Noise(worker, batch);
        for (var i = 0; i < length; i++)
        {
            gradient[i] = (float)((eigenvalues[i] * at[i]) + noise[i]);
        }
    }

    /// <summary>The loss without noise.</summary>
    /// <param name="at">x; length k.</param>
    public double Loss(ReadOnlySpan<float> at)
    {
        var sum = 0.0;
        for (var i = 0; i < length; i++)
        {
            sum += eigenvalues[i] * at[i] * at[i] / 2;
        }

        return sum;
    }

    // Box and Muller, one of the two numbers.
    private static double Normal(RandomStream stream)
    {
        var radius = Math.Sqrt(-2 * Elementary.Log(1 - stream.NextDouble()));
        var half = stream.NextDouble() * 2;
        return radius * (half <= 1 ? Elementary.CosPi(half) : Elementary.CosPi(2 - half));
    }
}
