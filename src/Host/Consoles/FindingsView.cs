using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Sweeps;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>Findings as a person reads them: by run, the most serious first.</summary>
internal static class FindingsView
{
    // Of more runs, measurements would bury what is wrong.
    private const int FewRuns = 3;

    private const int MostKinds = 6;

    public static void Write(IAnsiConsole console, int runs, AnalysisReport report)
    {
        var shown = report.Findings.Where(found => runs <= FewRuns || found.Scope == AnalyzerScope.AllRuns || found.Finding.Grade < FindingGrade.Measured).ToList();
        foreach (var run in shown.GroupBy(found => found.Scope == AnalyzerScope.AllRuns ? "all runs" : found.Finding.Place.Run))
        {
            console.MarkupLine($"[bold]{Plain(run.Key)}[/]");
            foreach (var found in run.OrderBy(found => found.Finding.Grade))
            {
                Write(console, found);
            }
        }

        var hidden = report.Findings.Count - shown.Count;
        console.MarkupLineInterpolated($"{runs} {(runs == 1 ? "run" : "runs")}, {Counts(report)}{(hidden > 0 ? "; measurements and what is inconclusive of each of so many runs is in --json" : "")}");
    }

    /// <summary>
    /// Findings of a sweep in a few lines: what is said of several runs once, with how many they
    /// are. No error and no warning is left out.
    /// </summary>
    /// <param name="console">Where.</param>
    /// <param name="findings">The most serious first.</param>
    public static void Brief(IAnsiConsole console, IReadOnlyList<AnalyzedFinding> findings)
    {
        var kinds = findings.GroupBy(found => found.Scope == AnalyzerScope.AllRuns ? (found.Finding.Name, found.Finding.Subject) : (found.Finding.Name, "")).ToList();
        var shown = Math.Max(MostKinds, kinds.Count(kind => kind.First().Finding.Grade <= FindingGrade.Warning));
        foreach (var kind in kinds.Take(shown))
        {
            var (finding, of) = (kind.First().Finding, kind.Select(found => found.Finding.Place.Run).Distinct().Count());
            console.MarkupLine($"  [{Colour(finding.Grade)}]{finding.Grade.ToString().ToLowerInvariant()}[/] {(of > 1 ? FormattableString.Invariant($"in {of} runs, ") : "")}{Plain(finding.Name)}: {Plain(finding.Sentence)} ({Plain(finding.Place.ToString())})");
        }

        if (kinds.Count > shown)
        {
            console.MarkupLine($"  {kinds.Count - shown} more by 'orchestrator analyze'");
        }
    }

    /// <summary>A finding on one line, as the summary of a run has it.</summary>
    public static string Line(Finding finding) => $"{finding.Name}: {finding.Sentence} ({finding.Place.File}:{finding.Place.Line})";

    private static void Write(IAnsiConsole console, AnalyzedFinding found)
    {
        var finding = found.Finding;
        var subject = finding.Subject.Length > 0 ? $" {finding.Subject}" : "";
        console.MarkupLine($"  [{Colour(finding.Grade)}]{finding.Grade.ToString().ToLowerInvariant()}[/] {Plain(finding.Name + subject)}: {Plain(finding.Sentence)}");
        console.MarkupLine($"    [grey]control: {Plain(finding.Control.Sentence)} See {Plain(found.Scope == AnalyzerScope.AllRuns ? finding.Place.Run + "/" : "")}{Plain(finding.Place.File)}:{finding.Place.Line}; {Plain(found.Analyzer)}.[/]");
    }

    private static string Counts(AnalysisReport report) => string.Join(", ", Enum.GetValues<FindingGrade>()
        .Select(grade => (grade, count: report.Findings.Count(found => found.Finding.Grade == grade))).Where(g => g.count > 0)
        .Select(g => $"{g.count} {g.grade.ToString().ToLowerInvariant()}").DefaultIfEmpty("no findings"));

    private static string Colour(FindingGrade grade) => grade switch
    {
        FindingGrade.Error => "red",
        FindingGrade.Warning => "yellow",
        FindingGrade.Hint => "blue",
        _ => "grey",
    };

    private static string Plain(string text) => Printable.Line(text).EscapeMarkup();
}
