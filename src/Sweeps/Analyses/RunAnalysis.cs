using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// Asks analyzers about runs. The answer depends on the runs and their order alone.
/// </summary>
/// <param name="analyzers">Whom to ask.</param>
/// <param name="threads">Runs that are read at the same time, at least 1; changes no
/// finding.</param>
public sealed class RunAnalysis(IReadOnlyList<PluginSection> analyzers, int threads)
{
    /// <summary>What the analyzers say.</summary>
    /// <param name="runs">The runs, at least one.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    /// <exception cref="OptionException">An analyzer refuses its options.</exception>
    /// <exception cref="PluginException">An analyzer cannot be loaded.</exception>
    public AnalysisReport Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop = default)
    {
        var made = analyzers.Select(section => (section.Name, Analyzer: section.Create<IAnalyzer>())).ToList();
        var (each, all) = (made.Where(m => m.Analyzer.Scope == AnalyzerScope.EachRun).ToList(), made.Where(m => m.Analyzer.Scope == AnalyzerScope.AllRuns).ToList());
        var perRun = new List<AnalyzedFinding>[runs.Count];
        var watched = runs.Select(run => new WatchedRun(run)).ToList();
        var failures = new List<string>();
        Parallel.For(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop }, n =>
            perRun[n] = [.. each.SelectMany(asked => Ask(asked.Name, asked.Analyzer, [watched[n]], failures, stop))]);
        stop.ThrowIfCancellationRequested();
        var ofAll = all.SelectMany(asked => Ask(asked.Name, asked.Analyzer, watched, failures, stop)).ToList();

        // Threads come in any order.
        failures.Sort(StringComparer.Ordinal);
        return new([.. perRun.SelectMany(findings => findings), .. ofAll], [.. watched.SelectMany(run => run.Problems).Distinct()], failures);
    }

    private static IEnumerable<AnalyzedFinding> Ask(string name, IAnalyzer analyzer, IReadOnlyList<IRunRecords> runs, List<string> failures, CancellationToken stop)
    {
        try
        {
            return analyzer.Analyze(runs, stop).Select(finding => new AnalyzedFinding(name, analyzer.Scope, finding)).ToList();
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
        {
            var about = runs.Count == 1 ? runs[0].Facts.Title : $"{runs.Count} runs";
            lock (failures)
            {
                failures.Add($"the analyzer '{name}' failed on {about}: {failure.GetType().Name}: {failure.Message}");
            }

            return [];
        }
    }
}

/// <summary>A finding and who says it.</summary>
/// <param name="Analyzer">The analyzer's name.</param>
/// <param name="Scope">What it looked at.</param>
/// <param name="Finding">What it found.</param>
public sealed record AnalyzedFinding(string Analyzer, AnalyzerScope Scope, Finding Finding);

/// <summary>What analyzers say of runs.</summary>
/// <param name="Findings">In the order of runs, then of analyzers; those about all runs
/// last.</param>
/// <param name="Problems">Records that could not be read to their end.</param>
/// <param name="Failures">Analyzers that threw.</param>
public sealed record AnalysisReport(IReadOnlyList<AnalyzedFinding> Findings, IReadOnlyList<string> Problems, IReadOnlyList<string> Failures);
