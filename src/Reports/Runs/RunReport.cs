using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>The report of a run: one page that tells what it did.</summary>
public static class RunReport
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = RunSummary.ReportFileName;

    /// <summary>All that the report of a run draws, JSON.</summary>
    /// <param name="run">As read.</param>
    /// <param name="problems">Takes what cannot be read of the run.</param>
    /// <exception cref="InvalidDataException"><c>run.json</c> cannot be read.</exception>
    public static string Data(RunEntry run, ICollection<string> problems)
    {
        var summary = Summary(run, problems);
        return RunData.Read(run, summary, problems).ToJson(run, summary);
    }

    /// <summary>
    /// Writes <c>report.html</c> into a run's folder, whole or not at all; the same bytes for the
    /// same folder.
    /// </summary>
    /// <param name="run">As read; it may still be under way.</param>
    /// <param name="problems">Takes what cannot be read of the run; what can be is
    /// reported.</param>
    /// <param name="findings">What analyzers found in it.</param>
    /// <param name="figures">Takes figures for a paper too; null where none are wanted.</param>
    /// <returns>Full path of what was written.</returns>
    /// <exception cref="RecorderException">It cannot be written.</exception>
    /// <exception cref="InvalidDataException"><c>run.json</c> cannot be read.</exception>
    public static string Write(RunEntry run, ICollection<string> problems, IReadOnlyList<AnalyzedFinding> findings, FigureFolder? figures = null)
    {
        var summary = Summary(run, problems);
        var data = RunData.Read(run, summary, problems);
        var path = Path.Combine(run.Folder, FileName);
        WholeFile.Write(path, Page.Make(RunPage.Title(summary), RunPage.Body(run, summary, data, findings), "run.js", data.ToJson(run, summary)));
        figures?.Write(FormattableString.Invariant($"{RunFolder.DirectoryName(summary.Name)}-{summary.Id}-{summary.Attempt}"), RunFigures.Of(data));
        return path;
    }

    private static RunSummary Summary(RunEntry run, ICollection<string> problems) =>
        RunReader.Summarize(run, problems) ?? throw new InvalidDataException(run.Problem ?? $"{run.Folder}: run.json cannot be read.");
}
