using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>What seeds until decided will cost, told before they start.</summary>
public static class SeedForecast
{
    /// <summary>
    /// Forecasts, by what is really there: for the spread of the differences seen so far, or,
    /// before there are any, for one as large as delta and one twice as large. None where the
    /// number of seeds is given, or nothing is compared.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="results">What has been completed.</param>
    public static IReadOnlyList<ForecastTable> Of(SweepPlan plan, ISweepResults results)
    {
        if (plan.Until is not { } until || Comparisons.Of(plan) is not { Count: > 0 } comparisons)
        {
            return [];
        }

        var terms = Comparisons.TermsOf(plan, comparisons.Count);
        var seen = new GrowingSeeds(plan, until, SweepPlan.Run).Family(results).Family.Comparisons
            .Select(c => c.Difference).Where(d => d.N >= ComparisonTerms.SmallestN && d.StandardDeviation > 0).ToList();
        var metric = SweepTable.MetricOf(plan);
        return seen.Count == 0
            ? [ForecastTable.Of(terms.Delta, terms, metric), ForecastTable.Of(2 * terms.Delta, terms, metric)]
            : [ForecastTable.Of(Math.Sqrt(seen.Average(d => d.StandardDeviation * d.StandardDeviation)), terms, metric, seen.Average(d => Math.Abs(d.Mean)))];
    }
}
