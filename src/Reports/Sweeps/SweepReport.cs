using Orchestrator.RunFolders;
using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>The report of a sweep: one page with its table, its verdicts and its curves.</summary>
public static class SweepReport
{
    /// <summary>Writes <c>report.html</c> into a sweep's folder, whole or not at all.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="results">What has been completed.</param>
    /// <param name="figures">Takes figures for a paper too; null where none are wanted.</param>
    /// <returns>Full path of what was written.</returns>
    /// <exception cref="RecorderException">It cannot be written.</exception>
    public static string Write(SweepPlan plan, SweepFolder folder, ISweepResults results, FigureFolder? figures = null)
    {
        var state = new Agenda(plan).Look(results);
        var table = SweepTable.Of(plan, state, results);
        var verdicts = SweepVerdicts.Of(plan, state, results);
        var curves = SweepCurves.Read(plan, state, results, folder.Output);
        var path = Path.Combine(folder.FullPath, RunReport.FileName);
        var title = $"{plan.Name} sweep {SweepDocument.IdOf(plan)}";
        WholeFile.Write(path, Page.Make(title, SweepPage.Body(plan, state, results, table, verdicts, curves), "sweep.js", Data(table, verdicts, curves)));
        figures?.Write($"{RunFolder.DirectoryName(plan.Name)}-{SweepDocument.IdOf(plan)}", SweepFigures.Of(table, curves));
        return path;
    }

    private static string Data(CellTable table, SweepVerdicts? verdicts, SweepCurves curves) => PageJson.Write(json =>
    {
        json.WriteString("metric", table.Metric.Label);
        json.WriteString("heading", table.Metric.Heading);
        json.WriteString("unit", table.Metric.Unit);
        json.WriteBoolean("higherIsBetter", table.Metric.HigherIsBetter);
        json.Element("table", table.ToJson());
        if (verdicts is not null)
        {
            json.Element("comparisons", verdicts.ToJson());
        }

        curves.Write(json, "curves");
    });
}
