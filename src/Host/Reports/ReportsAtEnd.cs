using System.CommandLine;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// The report at the end of a run or a sweep. Both are over by then, with their digests: a report
/// that cannot be written is a warning.
/// </summary>
/// <param name="terminal">Where it is warned.</param>
internal sealed class ReportsAtEnd(Terminal terminal)
{
    /// <summary>Turns it off.</summary>
    public static Option<bool> None() => new("--no-report") { Description = "Writes no report.html at the end." };

    /// <param name="summary">The run's.</param>
    /// <param name="findings">What analyzers found in it.</param>
    /// <returns>The summary, with the report's path where there is one now.</returns>
    public RunSummary Write(RunSummary summary, IReadOnlyList<AnalyzedFinding> findings)
    {
        if (RunReader.Read(summary.Folder) is not { Document: not null } run)
        {
            return summary;
        }

        var problems = new List<string>();
        try
        {
            summary = summary with { Report = RunReport.Write(run, problems, findings) };
        }
        catch (Exception failure)
        {
            // Whatever it is: the run has ended as it did.
            terminal.Warn($"the report could not be written: {failure.Message}");
        }

        problems.ForEach(terminal.Warn);
        return summary;
    }

    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="findings">What analyzers found in its runs.</param>
    /// <param name="figures">Takes figures for a paper too; null where none are wanted.</param>
    /// <returns>Full path of the report of a sweep; null where there is none now.</returns>
    public string? Write(SweepPlan plan, SweepFolder folder, ISweepResults results, IReadOnlyList<AnalyzedFinding> findings, FigureFolder? figures = null)
    {
        try
        {
            return SweepReport.Write(plan, folder, results, findings, figures);
        }
        catch (Exception failure)
        {
            terminal.Warn($"the report could not be written: {failure.Message}");
            return null;
        }
    }
}
