using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Models.Tests;

public sealed class QuadraticTests
{
    private static readonly DatasetShape NoClasses = new([1], [], 100, 10);

    [Fact]
    public void Gradient_WithoutNoise_IsEigenvalueTimesParameter()
    {
        var objective = new Quadratic(new QuadraticOptions(NoiseStandardDeviation: 0)).Build(NoClasses);
        var (theta, gradient) = (new float[16], new float[16]);
        objective.Initialize(new RandomStreams(1).Open("init"), theta, []);
        Assert.All(theta, value => Assert.Equal(1, value));

        using var replica = objective.CreateReplica(32);
        var loss = replica.Gradient(theta, [], new Batch([], [], 32), new RandomStreams(1).Open("dropout"), gradient, []);
        Assert.Equal(1f, gradient[0]);
        Assert.Equal(0.01f, gradient[15], 1e-9f);
        Assert.Equal(gradient[4] / gradient[5], gradient[11] / gradient[12], 1e-5f);
        Assert.Equal(gradient.Select(g => (double)g).Sum() / 2, loss, 1e-9);
        Assert.Equal(10 * loss, replica.Evaluate(theta, [], new Batch([], [], 10), []), 1e-9);
    }

    [Fact]
    public void Gradient_NoiseHasMeanZeroAndTheGivenDeviation()
    {
        var options = new QuadraticOptions(Dimension: 200_000, Start: 0, NoiseStandardDeviation: 0.05);
        var gradient = new float[200_000];
        using var replica = new Quadratic(options).Build(NoClasses).CreateReplica(1);
        replica.Gradient(new float[200_000], [], new Batch([], [], 1), new RandomStreams(1).Open("dropout"), gradient, []);
        Assert.Equal(0, gradient.Select(g => (double)g).Average(), 0.0005);
        Assert.Equal(0.0025, gradient.Select(g => (double)g * g).Average(), 0.00003);
        Assert.Equal(3 * 0.0025 * 0.0025, gradient.Select(g => Math.Pow(g, 4)).Average(), 0.05 * 3 * 0.0025 * 0.0025);
    }

    [Theory]
    [InlineData(1e6f)]
    [InlineData(-1e6f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Loss_BeyondTheBound_IsInfinite(float value)
    {
        using var replica = new Quadratic(new QuadraticOptions()).Build(NoClasses).CreateReplica(1);
        var theta = new float[16];
        theta[7] = value;
        Assert.Equal(double.PositiveInfinity, replica.Gradient(theta, [], new Batch([], [], 1), new RandomStreams(1).Open("x"), new float[16], []));
    }

    [Fact]
    public void Options_WithSwappedEigenvalues_AreRefused() =>
        Assert.Throws<OptionException>(() => new Quadratic(new QuadraticOptions(LargestEigenvalue: 0.1, SmallestEigenvalue: 1)));
}
