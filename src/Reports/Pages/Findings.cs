using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// What analyzers found, on a page: the most serious first, each with its control and the place in
/// the record that shows it. What is said of several runs of a sweep stands once, with how many
/// they are, and of how many workers, say; on a run's page each of these stands by itself.
/// </summary>
internal static class Findings
{
    private const int Most = 50;
    private const string Factor = "factor";
    private const string UselessAxis = "useless-axis";

    /// <summary>A section; nothing where nothing was found.</summary>
    /// <param name="findings">In any order.</param>
    /// <param name="named">What <c>analyze</c> is told.</param>
    /// <param name="isOfRun">Whether the page is a run's.</param>
    public static Html Section(IReadOnlyList<AnalyzedFinding> findings, string named, bool isOfRun)
    {
        var page = new Html();
        if (findings.Count == 0)
        {
            return page;
        }

        page.Add($"""<section id="findings"><h2>Findings</h2>""");
        if (findings.Any(IsOfAxis))
        {
            page.Add($"""{Charts.Figure("factors", "Factors", "By how much the cross-validated R² of a forest over the axes falls when one is shuffled among runs that it has not seen; the line is what a shuffled copy reaches.", isWide: true)}""");
        }

        var kinds = Kinds(findings, isOfRun).ToList();
        page.Add($"""<ul class="findings">""");
        foreach (var (i, kind) in kinds.Take(Most).Index())
        {
            page.Add($"{Item(kind, i)}");
        }

        page.Add($"</ul>");
        return page.Add($"""<p class="hint">{(kinds.Count > Most ? $"The first {Most} of {Say.Whole(kinds.Count)}. " : "")}Nothing is claimed whose control did not hold; <code>orchestrator analyze {named}</code> says the rest.</p></section>""");
    }

    /// <summary>What the axes of a sweep come to, for a chart.</summary>
    public static void WriteFactors(Utf8JsonWriter json, IReadOnlyList<AnalyzedFinding> findings)
    {
        json.WriteStartArray("factors");
        foreach (var finding in findings.Where(IsOfAxis).Select(found => found.Finding).OrderByDescending(finding => finding.Number))
        {
            json.WriteStartObject();
            json.Texts("axis", [finding.Subject]);
            json.Numbers("importance", [finding.Number]);
            json.Numbers("control", [finding.Control.Number]);
            json.WriteBoolean("isFactor", finding.Name == Factor);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // The most serious first; of one grade those of all runs.
    private static IEnumerable<List<AnalyzedFinding>> Kinds(IReadOnlyList<AnalyzedFinding> findings, bool isOfRun) => findings
        .OrderBy(found => found.Finding.Grade).ThenBy(found => found.Scope == AnalyzerScope.AllRuns ? 0 : 1)
        .GroupBy(found => (found.Scope, found.Finding.Name, isOfRun || found.Scope == AnalyzerScope.AllRuns ? found.Finding.Subject : ""))
        .Select(kind => kind.ToList());

    private static Html Item(List<AnalyzedFinding> kind, int number)
    {
        var finding = kind[0].Finding;
        var colour = finding.Grade switch { FindingGrade.Error => "bad", FindingGrade.Warning => "open", _ => "plain" };
        var item = new Html().Add($"""<li><span class="status {colour}">{finding.Grade.ToString().ToLowerInvariant()}</span> <strong>{finding.Name}{(finding.Subject.Length > 0 ? " " + finding.Subject : "")}</strong>""");
        item.Add($"""{(kind[0].Scope == AnalyzerScope.EachRun ? HowOften(kind) : "")}: {finding.Sentence}<p class="hint">Control: {finding.Control.Sentence} See <code>{finding.Place.ToString()}</code>.</p>""");
        if (finding.Details.Count > 0)
        {
            item.Add($"""<details><summary>Numbers</summary>{Charts.Facts(FormattableString.Invariant($"finding{number}"), finding.Details.Select(detail => (detail.Key, Say.Number(detail.Value, "G5"))), $"{finding.Name} {finding.Subject}")}</details>""");
        }

        return item.Add($"</li>");
    }

    // Behind the name of the first.
    private static string HowOften(List<AnalyzedFinding> kind)
    {
        var (runs, subjects) = (kind.Select(found => found.Finding.Place.Run).Distinct().Count(), kind.Select(found => found.Finding.Subject).Distinct().Count());
        return kind.Count == 1 ? ""
            : runs == 1 && subjects == 1 ? $", {Say.Whole(kind.Count)} times, first"
            : $"{(subjects > 1 ? $" and {Say.Whole(subjects - 1)} more" : "")}{(runs > 1 ? $", in {Say.Whole(runs)} runs" : "")}, first";
    }

    private static bool IsOfAxis(AnalyzedFinding found) => found.Finding.Name is Factor or UselessAxis;
}
