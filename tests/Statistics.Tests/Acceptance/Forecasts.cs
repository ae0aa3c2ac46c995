namespace Orchestrator.Statistics.Tests.Acceptance;

/// <summary>Whether what a forecast names is met.</summary>
internal static class Forecasts
{
    public static IEnumerable<Finding> Fixed(int tables)
    {
        var settings = new[] { (0.1, 1), (0.3, 1), (0.5, 1), (0.6, 1), (0.7, 1), (0.9, 1), (1.5, 1), (0.3, 10), (0.45, 10), (0.6, 10), (0.9, 10) };
        foreach (var (sd, family) in settings)
        {
            var n = new SeedsNeeded(family).For(0.5, sd)!.Value;
            var (at, before) = (Power(n, sd, family, tables), n == new SeedsNeeded(family).Fewest ? double.NaN : Power(n - 1, sd, family, tables));
            yield return new(
                $"the {n} seeds forecast for 0.5 points, sd {sd}, {family} {(family == 1 ? "comparison" : "comparisons")}, have 80 % power",
                "77 % or more; one seed fewer below 83 %",
                Coverage.Text(at) + (double.IsNaN(before) ? "; no data could with fewer" : $"; {Coverage.Text(before)}"),
                at >= 0.77 && !(before >= 0.83));
        }
    }

    public static IEnumerable<Finding> Sequential(int tables)
    {
        foreach (var (difference, sd) in new[] { (0.0, 0.5), (0.0, 0.9), (0.5, 0.5), (1.0, 0.9) })
        {
            var terms = new SequentialTerms();
            var forecast = SequentialForecast.Of(difference, sd, terms);
            var (by80, decided) = (0, 0);
            for (var i = 0; i < tables; i++)
            {
                var (a, b) = Simulated.Pair(Simulated.Stream("sequential-forecast", i), terms.LargestN, difference, sd);
                var ended = SequentialComparison.Of(a, b, terms);
                by80 += ended.Seeds <= forecast.Seeds80 ? 1 : 0;
                decided += ended.Verdict is Verdict.NotDistinguishable ? 0 : 1;
            }

            var (share, named) = ((double)decided / tables, forecast.Better + forecast.Equivalent);
            yield return new(
                $"seeds until decided, 5 to 40, difference {difference}, sd {sd}: forecast median {forecast.MedianSeeds}, 80 % by {forecast.Seeds80}, decided "
                    + $"{Coverage.Text(named)}",
                "decided within 3 points",
                $"{Coverage.Text((double)by80 / tables)} by {forecast.Seeds80}; decided {Coverage.Text(share)}",
                Math.Abs(share - named) <= 0.03);
        }
    }

    private static double Power(int n, double sd, int family, int tables)
    {
        var random = Simulated.Stream("acceptance-power", (n * 1000) + family);
        var found = 0;
        for (var i = 0; i < tables; i++)
        {
            var (a, b) = Simulated.Pair(random, n, 0.5, sd);
            var differences = PairedResults.Of(a, b).Differences;
            var moments = Moments.Of(differences);
            found += moments.Mean > 0 && !moments.TInterval()!.Value.Contains(0) && SignFlip.P(differences) <= 0.05 / family ? 1 : 0;
        }

        return (double)found / tables;
    }
}
