using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// What analyzers say of a run that has just ended, for its summary: those that read it once, and
/// only where that takes no time worth mentioning. <c>analyze</c> says the rest.
/// </summary>
internal static class FindingsAtEnd
{
    private const int Most = 3;

    // About 100,000 pushes, which five analyzers read in less than a second.
    private const long LargestRecord = 16 << 20;

    // By name: to ask an analyzer whether it looks at single runs it would have to be loaded, with
    // all that it brings.
    private static readonly string[] Names = ["convergence", "fairness", "staleness", "stragglers", "throughput"];

    /// <summary>The most serious ones against the run; never a failure of the run.</summary>
    public static IReadOnlyList<Finding> Of(RunSummary summary, PluginCatalog catalog)
    {
        var updates = new FileInfo(Path.Combine(summary.Folder, "updates.csv"));
        if (summary.Status is not (RunStatus.Completed or RunStatus.Diverged) || !updates.Exists || updates.Length > LargestRecord
            || RunReader.Read(summary.Folder) is not { } entry || RecordedRun.Open(entry) is not { } run)
        {
            return [];
        }

        try
        {
            var there = Names.Where(name => catalog.Find(PluginKind.Analyzer, name) is not null).ToList();
            var analyzers = there.Count == 0 ? [] : PluginSettings.Bind(catalog, PluginKind.Analyzer, there, [], out _);
            var report = new RunAnalysis(analyzers, threads: 1).Analyze([run]);
            return [.. report.Findings.Select(found => found.Finding).Where(finding => finding.Grade < FindingGrade.Measured).OrderBy(finding => finding.Grade).Take(Most)];
        }
        catch (Exception failure) when (failure is PluginException or OptionException)
        {
            return [];
        }
    }
}
