namespace Orchestrator.Statistics;

/// <summary>
/// Which runs share which levels. Half the mean squared difference of two runs that share exactly
/// the factors T has the expectation of all components that are not of factors within T; so
/// components follow by inclusion and exclusion (method of moments), for full crossings, fractions,
/// and designs of which runs are missing. For a full crossing these are the estimates of the
/// analysis of variance.
/// </summary>
internal sealed class FactorDesign
{
    private readonly int factors;
    private readonly int[][] groupOf;
    private readonly int[] groups;
    private readonly double[] pairs;

    public FactorDesign(IReadOnlyList<IReadOnlyList<long>> levels, int factors)
    {
        this.factors = factors;
        var sets = 1 << factors;
        groupOf = new int[sets][];
        groups = new int[sets];
        for (var set = 0; set < sets; set++)
        {
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            groupOf[set] = [.. levels.Select(run => Number(numbers, string.Join(' ', run.Where((_, f) => (set >> f & 1) == 1))))];
            groups[set] = numbers.Count;
        }

        pairs = Exactly([.. Enumerable.Range(0, sets).Select(set => groupOf[set].CountBy(g => g).Sum(g => (double)g.Value * (g.Value - 1) / 2))]);
    }

    /// <summary>Number of sets of factors; a set is its bits.</summary>
    public int Sets => 1 << factors;

    /// <summary>Whether some two runs share the factors of the set and no other.</summary>
    public bool HasPairs(int set) => pairs[set] > 0.5;

    /// <summary>Which level combination of the set each run has.</summary>
    public ReadOnlySpan<int> GroupOf(int set) => groupOf[set];

    /// <summary>How many level combinations of the set occur.</summary>
    public int Groups(int set) => groups[set];

    /// <summary>
    /// Components of the sets that are asked for; unbiased, so one that is near 0 may come out
    /// negative.
    /// </summary>
    /// <param name="values">Of each run.</param>
    /// <param name="wanted">Sets of factors, every set after its subsets.</param>
    /// <returns>One component per wanted set, then the rest, then the sum of all: the variance
    /// between runs that share nothing.</returns>
    public double[] Components(ReadOnlySpan<double> values, IReadOnlyList<int> wanted)
    {
        var spread = Spread(values);
        var total = spread[0];
        var components = new double[wanted.Count + 2];
        for (var i = 0; i < wanted.Count; i++)
        {
            var shared = total - spread[wanted[i]];
            for (var j = 0; j < i; j++)
            {
                shared -= (wanted[j] & wanted[i]) == wanted[j] ? components[j] : 0;
            }

            components[i] = shared;
        }

        components[^1] = total;
        components[^2] = total - components.Take(wanted.Count).Sum();
        return components;
    }

    // Half the mean squared difference over the pairs that share exactly each set. A group of n has
    // n (sum of squares) - (sum)^2 of it.
    private double[] Spread(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }

        var sums = new double[Sets];
        for (var set = 0; set < Sets; set++)
        {
            var (count, sum, squares) = (new double[groups[set]], new double[groups[set]], new double[groups[set]]);
            for (var i = 0; i < values.Length; i++)
            {
                var (group, value) = (groupOf[set][i], values[i] - mean);
                count[group]++;
                sum[group] += value;
                squares[group] += value * value;
            }

            for (var group = 0; group < count.Length; group++)
            {
                sums[set] += ((count[group] * squares[group]) - (sum[group] * sum[group])) / 2;
            }
        }

        var exact = Exactly(sums);
        for (var set = 0; set < Sets; set++)
        {
            exact[set] = pairs[set] > 0.5 ? exact[set] / pairs[set] : double.NaN;
        }

        return exact;
    }

    // From sums over pairs that share at least a set to sums over pairs that share exactly it.
    private double[] Exactly(double[] atLeast)
    {
        double[] exact = [.. atLeast];
        for (var factor = 0; factor < factors; factor++)
        {
            for (var set = 0; set < exact.Length; set++)
            {
                exact[set] -= (set >> factor & 1) == 0 ? exact[set | (1 << factor)] : 0;
            }
        }

        return exact;
    }

    private static int Number(Dictionary<string, int> numbers, string levels)
    {
        if (!numbers.TryGetValue(levels, out var number))
        {
            numbers[levels] = number = numbers.Count;
        }

        return number;
    }
}
