namespace Orchestrator.Statistics;

/// <summary>
/// A fraction of a full crossing of four factors: levels^3 runs instead of levels^4, in which every
/// combination of any three factors stands exactly once (strength 3). Main effects are free of
/// two-factor interactions. Two-factor interactions of complementary pairs (1 with 2, 3 with 4)
/// share part of their contrasts, and each three-factor interaction is mixed with effects of the
/// fourth factor: those count to the rest.
/// </summary>
public static class OrthogonalArray
{
    /// <summary>Number of factors.</summary>
    public const int Factors = 4;

    /// <summary>The runs, each with its level (from 0) of each factor.</summary>
    /// <param name="levels">Levels of each factor; at least 2.</param>
    public static IReadOnlyList<int[]> Strength3(int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        var runs = new List<int[]>(levels * levels * levels);
        for (var a = 0; a < levels; a++)
        {
            for (var b = 0; b < levels; b++)
            {
                for (var c = 0; c < levels; c++)
                {
                    runs.Add([a, b, c, (a + b + c) % levels]);
                }
            }
        }

        return runs;
    }
}
