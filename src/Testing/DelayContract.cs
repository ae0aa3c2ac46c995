using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every delay model must keep to; a model's test class inherits it.</summary>
public abstract class DelayContract
{
    /// <summary>Samples of a push in the suite's draws.</summary>
    protected const int Samples = 32;

    /// <summary>Bytes of a push in the suite's draws.</summary>
    protected const long Bytes = 1_000_000;

    /// <summary>Compute time of a push in the suite's draws, ms.</summary>
    protected const double ComputeMs = 10;

    /// <summary>Between two pulls of a worker in the suite's draws, ms.</summary>
    protected const double PullsEveryMs = 1000;

    private const int Workers = 4000;
    private const int Gradients = 12;

    private readonly RandomStreams streams = new(7);

    /// <summary>A model with typical options; any two are equal.</summary>
    public abstract IDelay Create();

    /// <summary>
    /// The mean over workers and gradients that its options promise for a push of
    /// <see cref="Samples"/>, <see cref="Bytes"/> and <see cref="ComputeMs"/>, pulled every
    /// <see cref="PullsEveryMs"/>, ms.
    /// </summary>
    public abstract double ExpectedMeanMs { get; }

    /// <summary>Every drawn duration is a finite number of milliseconds, at least 0.</summary>
    [Fact]
    public void A_duration_is_finite_and_not_negative()
    {
        var delay = Create();
        foreach (var draws in Draws(delay))
        {
            Assert.All(draws, ms => Assert.InRange(ms, 0, double.MaxValue));
        }
    }

    /// <summary>
    /// The same worker and gradient give the same duration, on any instance and whatever was drawn
    /// in between.
    /// </summary>
    [Fact]
    public void A_draw_made_again_gives_the_same_duration()
    {
        var (delay, another) = (Create(), Create());
        for (var gradient = 0; gradient < Gradients; gradient++)
        {
            var expected = Draw(delay, 3, gradient);
            Draw(delay, 5, gradient + 100);
            Assert.Equal(expected, Draw(delay, 3, gradient));
            Assert.Equal(expected, Draw(another, 3, gradient));
        }
    }

    /// <summary>Durations do not depend on the order in which they are drawn.</summary>
    [Fact]
    public void The_order_of_draws_does_not_matter()
    {
        var (forwards, backwards) = (Create(), Create());
        var expected = Enumerable.Range(0, 50).Select(gradient => Draw(forwards, 1, gradient)).ToList();
        var actual = Enumerable.Range(0, 50).Reverse().Select(gradient => Draw(backwards, 1, gradient)).Reverse().ToList();
        Assert.Equal(expected, actual);
    }

    /// <summary>
    /// The mean of 48,000 draws lies within five standard errors of <see cref="ExpectedMeanMs"/>.
    /// </summary>
    [Fact]
    public void The_mean_is_what_the_options_say()
    {
        // Workers are independent, a worker's draws need not be: the error is that of the mean over
        // workers.
        var means = Draws(Create()).Select(draws => draws.Average()).ToList();
        var mean = means.Average();
        var error = Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (means.Count - 1) / means.Count);
        Assert.True(Math.Abs(mean - ExpectedMeanMs) <= (5 * error) + (1e-9 * ExpectedMeanMs),
            $"The mean of {Workers} x {Gradients} draws is {mean} ms, standard error {error}; the options say {ExpectedMeanMs}.");
    }

    /// <summary>A draw allocates no memory.</summary>
    [Fact]
    public void A_draw_allocates_nothing()
    {
        var delay = Create();
        var random = streams.Open("compute", 0, 0);
        var draw = At(0, 0, delay.Trait(0, random), random);
        var sum = delay.Milliseconds(draw);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var gradient = 0; gradient < 100; gradient++)
        {
            sum += delay.Milliseconds(draw with { Gradient = gradient, TimeMs = PullsEveryMs * gradient });
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(double.IsFinite(sum));
    }

    private IEnumerable<double[]> Draws(IDelay delay)
    {
        var key = streams.Key("many");
        var random = new RandomStream(key);
        for (var worker = 0; worker < Workers; worker++)
        {
            random.Reset(key, worker);
            var trait = delay.Trait(worker, random);
            var draws = new double[Gradients];
            for (var gradient = 0; gradient < Gradients; gradient++)
            {
                draws[gradient] = delay.Milliseconds(At(worker, gradient, trait, random));
            }

            yield return draws;
        }
    }

    private double Draw(IDelay delay, int worker, long gradient)
    {
        var trait = delay.Trait(worker, streams.Open("compute-trait", worker));
        return delay.Milliseconds(At(worker, gradient, trait, streams.Open("compute", worker, gradient)));
    }

    private static DelayDraw At(int worker, long gradient, double trait, Random random) =>
        new(worker, gradient, Samples, Bytes, trait, random) { TimeMs = PullsEveryMs * gradient, ComputeMs = ComputeMs };
}
