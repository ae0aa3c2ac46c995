using System.CommandLine;
using Orchestrator.Reports;
using Orchestrator.RunFolders;

namespace Orchestrator.Host;

/// <summary>
/// The report at the end of a run. The run is over by then, with its digest: a report that cannot
/// be written is a warning.
/// </summary>
/// <param name="terminal">Where it is warned.</param>
internal sealed class ReportsAtEnd(Terminal terminal)
{
    /// <summary>Turns it off.</summary>
    public static Option<bool> None() => new("--no-report") { Description = "Writes no report.html at the end." };

    /// <returns>The summary, with the report's path where there is one now.</returns>
    public RunSummary Write(RunSummary summary)
    {
        if (RunReader.Read(summary.Folder) is not { Document: not null } run)
        {
            return summary;
        }

        var problems = new List<string>();
        try
        {
            summary = summary with { Report = RunReport.Write(run, null, problems) };
        }
        catch (Exception failure) when (failure is RecorderException or InvalidDataException)
        {
            terminal.Warn($"the report could not be written: {failure.Message}");
        }

        problems.ForEach(terminal.Warn);
        return summary;
    }
}
