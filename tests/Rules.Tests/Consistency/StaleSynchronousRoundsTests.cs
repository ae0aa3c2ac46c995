using Orchestrator.Abstractions;
using Orchestrator.Consistency;
using Orchestrator.Numerics;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Consistency;

/// <summary>
/// stale-synchronous(0) with plain SGD at eta / N makes the rounds of bulk-synchronous at eta: on
/// the noisy quadratic, after each of the first 100 rounds, within 1e-6.
/// </summary>
public sealed class StaleSynchronousRoundsTests
{
    private const int Workers = 5;
    private const int Rounds = 100;
    private const double Rate = 0.02;

    [Theory]
    [InlineData("random")]
    [InlineData("equal")]
    [InlineData("one-slow")]
    public void Without_slack_its_parameters_are_those_of_bulk_synchronous(string durations)
        => Assert.True(LargestDifference(new StaleSynchronous(new(0)), durations) < 1e-6);

    [Fact]
    public void With_slack_they_are_not() => Assert.True(LargestDifference(new StaleSynchronous(new(2)), "random") > 1e-4);

    private static double LargestDifference(IConsistency rule, string durations)
        => Train(new BulkSynchronous(), durations, Rate).Zip(Train(rule, durations, Rate / Workers))
            .Max(round => round.First.Zip(round.Second).Max(pair => Math.Abs(pair.First - pair.Second)));

    // The parameters after each round of N pushes; what is held is applied as its mean.
    private static List<float[]> Train(IConsistency rule, string durations, double rate)
    {
        var eigenvalues = Enumerable.Range(0, 16).Select(i => Math.Pow(10, -2.0 * i / 15)).ToArray();
        var parameters = Enumerable.Repeat(1f, 16).ToArray();
        var sent = new float[Workers][];
        var held = new SortedDictionary<int, double[]>();
        var (pushes, rounds) = (0, new List<float[]>());
        var streams = new RandomStreams(3);
        new ToyRun(rule, Workers, ToyDurations.Of(durations), toy =>
        {
            if (toy.Step == ToyStep.Pull)
            {
                sent[toy.Worker] = [.. parameters];
                return;
            }

            var noise = streams.Open("noise", toy.Worker, toy.Gradient);
            held[toy.Worker] = [.. sent[toy.Worker].Select((x, i) => (eigenvalues[i] * x) + (0.1 * (noise.NextDouble() - 0.5)))];
            if (toy.Step == ToyStep.Apply)
            {
                for (var i = 0; i < 16; i++)
                {
                    parameters[i] = (float)(parameters[i] - (rate * held.Values.Average(gradient => gradient[i])));
                }

                held.Clear();
            }

            if (++pushes % Workers == 0)
            {
                rounds.Add([.. parameters]);
            }
        }).Until(Rounds * Workers);
        Assert.Equal(Rounds, rounds.Count);
        return rounds;
    }
}
