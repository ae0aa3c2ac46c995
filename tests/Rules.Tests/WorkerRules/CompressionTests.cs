using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Optimizers;

namespace Orchestrator.Rules.Tests.WorkerRules;

public sealed class CompressionTests
{
    private const int Length = 40;

    [Fact]
    public void TopK_KeepsExactlyTheLargest()
    {
        float[] gradient = [.. Enumerable.Range(0, Length).Select(i => i % 2 == 0 ? i : -i)];
        Assert.Equal(gradient.Select((element, i) => i >= 36 ? element : 0), Push(new TopK(new TopKOptions(0.1)), gradient));
    }

    [Fact]
    public void TopK_OfEquals_KeepsTheFirst() =>
        Assert.Equal(
            Enumerable.Range(0, Length).Select(i => i < 4 ? -2f : 0),
            Push(new TopK(new TopKOptions(0.1)), [.. Enumerable.Repeat(-2f, Length)]));

    [Fact]
    public void TopK_MeetingInfinityAndNaN_SendsThem()
    {
        var gradient = new float[Length];
        (gradient[7], gradient[9], gradient[11]) = (float.NaN, float.NegativeInfinity, 1);
        var push = Push(new TopK(new TopKOptions(0.05)), gradient);
        Assert.Equal((float.NaN, float.NegativeInfinity, 0), (push[7], push[9], push[11]));
    }

    [Fact]
    public void RandomK_KeepsExactlyKAndEachElementEquallyOften()
    {
        var times = new int[Length];
        for (var seed = 0; seed < 4000; seed++)
        {
            var push = Push(new RandomK(new RandomKOptions(0.1)), [.. Enumerable.Repeat(1f, Length)], seed);
            Assert.Equal(4, push.Count(element => element != 0));
            for (var i = 0; i < Length; i++)
            {
                times[i] += push[i] != 0 ? 1 : 0;
            }
        }

        // 400 expected each, standard deviation 19.
        Assert.All(times, count => Assert.InRange(count, 300, 500));
    }

    [Fact]
    public void Qsgd_RoundsToLevelsWithoutBias()
    {
        const int draws = 4000;
        float[] gradient = [.. Enumerable.Range(0, Length).Select(i => MathF.Sin(i + 1))];
        var norm = Math.Sqrt(gradient.Sum(element => (double)element * element));
        var mean = new double[Length];
        for (var seed = 0; seed < draws; seed++)
        {
            var push = Push(new Qsgd(new QsgdOptions(4)), gradient, seed);
            for (var i = 0; i < Length; i++)
            {
                Assert.Equal(Math.Round(push[i] / norm * 4), push[i] / norm * 4, 1e-5);
                mean[i] += push[i] / (double)draws;
            }
        }

        // An element's standard deviation is at most half a level, norm / 8.
        Assert.All(mean.Zip(gradient), pair => Assert.InRange(pair.First - pair.Second, -5 * norm / 8 / Math.Sqrt(draws), 5 * norm / 8 / Math.Sqrt(draws)));
    }

    [Fact]
    public void Qsgd_OfNothing_IsNothing() => Assert.Equal(new float[Length], Push(new Qsgd(new QsgdOptions()), new float[Length]));

    [Fact]
    public void PayloadBytes_AreThoseOfTheEncoding()
    {
        Assert.Equal(80, new TopK(new TopKOptions()).PayloadBytes(1000));
        Assert.Equal(40, new RandomK(new RandomKOptions()).PayloadBytes(1000));
        Assert.Equal(125 + (2 * 8), new OneBit(new OneBitOptions()).PayloadBytes(1000));
        Assert.Equal(63 * 4, new TwoBit(new TwoBitOptions()).PayloadBytes(1000));
        Assert.Equal(625 + (2 * 4), new Qsgd(new QsgdOptions()).PayloadBytes(1000));
        Assert.Equal(750 + (2 * 4), new Qsgd(new QsgdOptions(16)).PayloadBytes(1000));
        Assert.Equal(4000, ((IWorkerRule)new DanaSlim(new DanaSlimOptions())).PayloadBytes(1000));
    }

    private static float[] Push(IWorkerRule rule, float[] gradient, long seed = 1)
    {
        var push = new float[gradient.Length];
        rule.Run(
            new WorkerRuleWork
            {
                Worker = 0,
                Gradient = 0,
                LearningRate = 0.1,
                Sent = new float[gradient.Length],
                State = new float[rule.StateLength(gradient.Length)],
                Scratch = new float[rule.ScratchVectors * gradient.Length],
                Random = new RandomStreams(seed).Open("rule"),
            },
            new Constant(gradient),
            push);
        return push;
    }

    private sealed class Constant(float[] gradient) : IGradients
    {
        public void Next(ReadOnlySpan<float> parameters, Span<float> into) => gradient.CopyTo(into);
    }
}
