using Orchestrator.Numerics;

namespace Orchestrator.Statistics;

/// <summary>
/// What <c>seeds until decided</c> will cost, told before it starts: 2,000 simulated sequences of
/// normal differences of a named stream.
/// </summary>
/// <param name="TrueDifference">The difference that was simulated, in the metric's unit.</param>
/// <param name="MedianSeeds">Seeds of each cell at which half of the sequences had ended; the
/// largest n where they end there.</param>
/// <param name="Seeds80">Seeds at which 80 % had ended.</param>
/// <param name="MeanSeeds">Mean number of seeds.</param>
/// <param name="Better">Share that ended with "better", whether by less than delta or not.</param>
/// <param name="Equivalent">Share that ended with "equivalent".</param>
/// <param name="Open">Share that was open at the largest n.</param>
public sealed record SequentialForecast(
    double TrueDifference, int MedianSeeds, int Seeds80, double MeanSeeds, double Better, double Equivalent, double Open)
{
    /// <summary>Number of simulated sequences.</summary>
    public const int Sequences = 2000;

    /// <summary>Simulates.</summary>
    /// <param name="trueDifference">The true mean difference.</param>
    /// <param name="standardDeviation">Of the differences; above 0.</param>
    /// <param name="terms">What the tests go by.</param>
    public static SequentialForecast Of(double trueDifference, double standardDeviation, SequentialTerms terms)
    {
        var streams = new RandomStreams(0);
        var seeds = new int[Sequences];
        var (better, equivalent) = (0, 0);
        for (var i = 0; i < Sequences; i++)
        {
            var normal = new MathNet.Numerics.Distributions.Normal(trueDifference, standardDeviation, streams.Open("statistics/forecast", i));
            var walk = new SequentialWalk(terms);
            while (!walk.Look(new(true, true, normal.Sample())))
            {
            }

            seeds[i] = walk.Seeds;
            equivalent += walk.Verdict == Verdict.Equivalent ? 1 : 0;
            better += walk.Verdict is Verdict.Equivalent or Verdict.NotDistinguishable or Verdict.TooFewSeeds ? 0 : 1;
        }

        Array.Sort(seeds);
        return new(
            trueDifference, seeds[(Sequences / 2) - 1], seeds[(Sequences * 4 / 5) - 1], seeds.Average(),
            (double)better / Sequences, (double)equivalent / Sequences, (double)(Sequences - better - equivalent) / Sequences);
    }
}
