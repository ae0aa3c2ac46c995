namespace Orchestrator.Statistics.Tests.Acceptance;

/// <summary>
/// Everything that is claimed of the statistics and can be simulated, as a Markdown table.
/// </summary>
internal static class AcceptanceReport
{
    public static IEnumerable<Func<int, IEnumerable<Finding>>> Parts =>
        [Coverage.Intervals, FalseVerdicts.Fixed, FalseVerdicts.Sequential, Forecasts.Fixed, Forecasts.Sequential, Coverage.Anatomy, Speed.TenThousandRuns];

    /// <summary>Runs all parts.</summary>
    /// <returns>0 where everything that is wanted holds, else 1.</returns>
    public static int Run(int tables, TextWriter output)
    {
        output.WriteLine($"{tables} tables of each.\n\n| what | wanted | measured | |\n|---|---|---|---|");
        var failed = 0;
        foreach (var finding in Parts.SelectMany(part => part(tables)))
        {
            failed += finding.Holds == false ? 1 : 0;
            output.WriteLine(
                $"| {finding.What} | {finding.Wanted} | {finding.Measured} | {finding.Holds switch { true => "holds", false => "**missed**", _ => "" }} |");
            output.Flush();
        }

        return failed == 0 ? 0 : 1;
    }
}
