using System.Diagnostics;
using System.Globalization;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Statistics.Tests.Acceptance;

/// <summary>
/// How long a large comparison takes, everything included: pairs, tests, bootstrap, forecasts,
/// table.
/// </summary>
internal static class Speed
{
    public static IEnumerable<Finding> TenThousandRuns(int tables)
    {
        foreach (var (variants, seeds) in new[] { (1000, 10), (500, 20), (20, 500), (2, 5000) })
        {
            var random = Simulated.Stream("speed", variants);
            SeedResult[][] cells = [.. Enumerable.Range(0, variants).Select(_ => Simulated.Pair(random, seeds, 0.1, 0.6).A)];
            var (watch, before) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            var family = ComparisonFamily.Of([.. cells.Skip(1).Select((c, i) => new Pairing($"v{i}", "baseline", "", c, cells[0]))]);
            var text = new ComparisonTable(family, TableMetric.TestAccuracy).ToText(160);
            var seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            yield return new(
                $"10,000 runs compared: {variants} cells of {seeds} seeds against one of them ({family.Comparisons.Count} comparisons, {text.Length / 1000} "
                    + "kB of table)",
                "under 2 s of processor time",
                string.Create(
                    CultureInfo.InvariantCulture, $"{seconds:0.00} s ({watch.Elapsed.TotalSeconds:0.00} s by the clock of a machine that others use)"),
                seconds < 2);
        }
    }
}
