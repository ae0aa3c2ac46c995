using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Oracles;

/// <summary>
/// What an oracle needs besides its formulas: whose push arrives at each update, and gradients in
/// double precision with the noise that the rule met.
/// </summary>
internal sealed class Trace(int workers, double learningRate)
{
    public const int Updates = 200;
    public const int K = 16;

    private readonly NoisyQuadratic problem = new(K);
    private readonly long[] batches = new long[workers];

    public int Workers => workers;

    public double Eta => learningRate;

    public static double[] Start() => [.. Enumerable.Repeat(1.0, K)];

    public double[][] PerWorker(double value = 0) => [.. Enumerable.Range(0, workers).Select(_ => Enumerable.Repeat(value, K).ToArray())];

    // Bursts and pauses, so that staleness runs from 0 to several times the number of workers.
    public int Worker(long update) => (int)(update * update / 3 % 11 % workers);

    public double[] Gradient(int worker, double[] at)
    {
        var gradient = problem.Noise(worker, batches[worker]++);
        for (var i = 0; i < K; i++)
        {
            gradient[i] += problem.Eigenvalues[i] * at[i];
        }

        return gradient;
    }

    /// <summary>
    /// Fails unless the rule's parameters end within 1e-5, relative to their norm, of the oracle's.
    /// </summary>
    public void AssertAgrees(RuleSetup rule, Func<Trace, double[]> oracle)
    {
        using var harness = new RuleHarness(rule with { Workers = workers, Length = K, LearningRate = _ => learningRate, Arrivals = Worker });
        harness.Run(Updates);
        var expected = oracle(this);
        var (difference, size) = (0.0, 0.0);
        for (var i = 0; i < K; i++)
        {
            difference += Math.Pow(harness.Parameters[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        Assert.True(size is > 1e-6 and < 1e6, $"The oracle itself went to a norm of {Math.Sqrt(size)}.");
        Assert.InRange(Math.Sqrt(difference / size), 0, 1e-5);
    }
}
