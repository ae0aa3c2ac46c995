namespace Orchestrator.Statistics;

/// <summary>
/// So many of so many, with Wilson's 95 % interval (Wilson 1927; without continuity correction).
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Of">Of how many.</param>
public readonly record struct Proportion(int Count, int Of)
{
    // The 97.5 % quantile of the standard normal.
    private const double Z = 1.959963984540054;

    /// <summary>The share, 0 to 1; NaN of none.</summary>
    public double Share => Of == 0 ? double.NaN : (double)Count / Of;

    /// <summary>Wilson's interval for the share; 0 to 1 of none.</summary>
    public Interval Interval
    {
        get
        {
            if (Of == 0)
            {
                return new(0, 1);
            }

            double n = Of;
            var centre = (Count + (Z * Z / 2)) / (n + (Z * Z));
            var half = Z / (n + (Z * Z)) * Math.Sqrt((Count * (n - Count) / n) + (Z * Z / 4));
            return new(Count == 0 ? 0 : centre - half, Count == Of ? 1 : centre + half);
        }
    }
}
