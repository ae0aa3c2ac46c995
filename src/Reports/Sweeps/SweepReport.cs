using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>The report of a sweep: one page with its table, its verdicts and its curves.</summary>
public static class SweepReport
{
    /// <summary>Writes <c>report.html</c> into a sweep's folder, whole or not at all.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="findings">What analyzers found in its runs.</param>
    /// <param name="figures">Takes figures for a paper too; null where none are wanted.</param>
    /// <returns>Full path of what was written.</returns>
    /// <exception cref="RecorderException">It cannot be written.</exception>
    public static string Write(SweepPlan plan, SweepFolder folder, ISweepResults results, IReadOnlyList<AnalyzedFinding> findings, FigureFolder? figures = null)
    {
        var view = SweepView.Read(plan, new Agenda(plan).Look(results), results, new RunCurves(folder.Output), new PushCurves(folder.Output)) with { Findings = findings };
        var path = Path.Combine(folder.FullPath, RunReport.FileName);
        WholeFile.WriteAmongOthers(path, Page.Make(SweepPage.Title(view), SweepPage.Body(view), SweepPage.Script, view.ToJson()));
        var name = $"{RunFolder.DirectoryName(plan.Name)}-{SweepDocument.IdOf(plan)}";
        if (figures is not null && view.Field is { } field)
        {
            figures.Write($"{name}-ranks.svg", FieldFigure.Draw(field.Table), FieldFigure.Caption(field.Table));
        }

        if (figures is not null)
        {
            SweepFigures.Write(figures, name, view);
        }

        return path;
    }
}
