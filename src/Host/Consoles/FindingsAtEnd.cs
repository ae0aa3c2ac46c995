using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// What analyzers say of a run or a sweep that has just ended, for its summary, and only where that
/// takes no time worth mentioning. <c>analyze</c> says the rest.
/// </summary>
internal static class FindingsAtEnd
{
    /// <summary>Of a run; about 100,000 pushes, which five analyzers read in less than a
    /// second.</summary>
    private const long LargestRecord = 16 << 20;

    /// <summary>Of all runs of a sweep together.</summary>
    private const long LargestRecords = 256 << 20;

    // By name: to ask an analyzer whether it looks at single runs it would have to be loaded, with
    // all that it brings.
    private static readonly string[] OfOneRun = ["convergence", "fairness", "staleness", "stragglers", "throughput"];
    private static readonly string[] OfAllRuns = ["anomalies", "clusters", "factors"];

    /// <summary>Those against the run, the most serious first; null where nobody was asked. Never a
    /// failure of the run.</summary>
    public static IReadOnlyList<AnalyzedFinding>? Of(RunSummary summary, PluginCatalog catalog)
    {
        var length = RunRows.LengthOfUpdates(summary.Folder);
        if (summary.Status is not (RunStatus.Completed or RunStatus.Diverged) || length is 0 or > LargestRecord
            || RunReader.Read(summary.Folder) is not { } entry || RecordedRun.Open(entry) is not { } run)
        {
            return null;
        }

        return [.. Ask([run], OfOneRun, 1, catalog).Where(found => found.Finding.Grade < FindingGrade.Measured).OrderBy(found => found.Finding.Grade)];
    }

    /// <summary>
    /// Those about a sweep's runs together that are conclusive, and those against one of its runs,
    /// the most serious first; never a failure of the sweep.
    /// </summary>
    /// <param name="sweep">Its folder.</param>
    /// <param name="ledgers">Where ledgers lie.</param>
    /// <param name="catalog">Where analyzers are.</param>
    /// <param name="threads">Runs that are read at the same time.</param>
    /// <param name="counts">Which of its completed runs count, by their keys.</param>
    /// <param name="stop">Ends it early, with nothing found.</param>
    public static IReadOnlyList<AnalyzedFinding> Of(SweepFolder sweep, string ledgers, PluginCatalog catalog, int threads, Func<string, bool> counts, CancellationToken stop)
    {
        try
        {
            var runs = AnalyzedRuns.Of(sweep, ledgers, [], counts);
            var length = runs.Sum(run => RunRows.LengthOfUpdates(Path.Combine(sweep.Output, run.Facts.Title)));
            var findings = runs.Count == 0 ? [] : Ask(runs, length > LargestRecords ? OfAllRuns : [.. OfOneRun, .. OfAllRuns], threads, catalog, stop);
            return
            [
                .. findings.Where(found => found.Finding.Grade < (found.Scope == AnalyzerScope.AllRuns ? FindingGrade.Inconclusive : FindingGrade.Measured))
                    .OrderBy(found => found.Finding.Grade).ThenBy(found => found.Scope == AnalyzerScope.AllRuns ? 0 : 1),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return [];
        }
    }

    private static IReadOnlyList<AnalyzedFinding> Ask(IReadOnlyList<IRunRecords> runs, string[] names, int threads, PluginCatalog catalog, CancellationToken stop = default)
    {
        try
        {
            var there = names.Where(name => catalog.Find(PluginKind.Analyzer, name) is not null).ToList();
            var analyzers = there.Count == 0 ? [] : PluginSettings.Bind(catalog, PluginKind.Analyzer, there, [], out _);
            return new RunAnalysis(analyzers, threads).Analyze(runs, stop).Findings;
        }
        catch (Exception failure) when (failure is PluginException or OptionException)
        {
            return [];
        }
    }
}
