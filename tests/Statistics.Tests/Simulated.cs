using MathNet.Numerics.Distributions;
using Orchestrator.Numerics;

namespace Orchestrator.Statistics.Tests;

/// <summary>Cells of runs with planted effects, from named streams.</summary>
internal static class Simulated
{
    public static RandomStream Stream(string name, long index = 0) => new RandomStreams(1).Open("tests/" + name, index);

    /// <summary>
    /// A pair of cells: a common part per seed, and differences of the given mean and standard
    /// deviation.
    /// </summary>
    public static (SeedResult[] A, SeedResult[] B) Pair(Random random, int n, double difference, double sd)
    {
        var (a, b) = (new SeedResult[n], new SeedResult[n]);
        for (var i = 0; i < n; i++)
        {
            var common = Normal.Sample(random, 88, 1);
            b[i] = SeedResult.Of(i + 1, common);
            a[i] = SeedResult.Of(i + 1, common + Normal.Sample(random, difference, sd));
        }

        return (a, b);
    }

    public static Pairing Pairing(Random random, int n, double difference, double sd, string environment = "")
    {
        var (a, b) = Pair(random, n, difference, sd);
        return new("new", "old", environment, a, b);
    }
}
