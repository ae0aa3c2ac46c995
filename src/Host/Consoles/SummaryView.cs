using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;
using Spectre.Console;
using static Orchestrator.Host.Figures;

namespace Orchestrator.Host;

/// <summary>A run's summary as a person reads it.</summary>
internal static class SummaryView
{
    private const int MostNotes = 50;
    private const int MostFindings = 3;
    private const string HintMark = "hint: ";

    /// <param name="console">Where.</param>
    /// <param name="summary">The summary.</param>
    /// <param name="findings">What analyzers say against the run; null where they were not
    /// asked.</param>
    public static void Write(IAnsiConsole console, RunSummary summary, IReadOnlyList<AnalyzedFinding>? findings = null)
    {
        var colour = summary.Status switch { RunStatus.Completed => "green", RunStatus.Failed => "red", _ => "yellow" };
        Facts.Title(console, summary.Name, $"{summary.Id}-{summary.Attempt}", colour, summary.Status.ToString().ToLowerInvariant(), $" after {Duration(summary.WallSeconds)}");
        if (summary.Message is { } message)
        {
            Facts.Line(console, message);
        }

        foreach (var (name, value) in Lines(summary).Concat(summary.Notes.Take(MostNotes).Select(Note)))
        {
            Facts.Fact(console, name, value);
        }

        foreach (var finding in (findings ?? []).Take(MostFindings).Select(found => found.Finding))
        {
            Facts.Fact(console, finding.Grade.ToString().ToLowerInvariant(), FindingsView.Line(finding));
        }
    }

    private static (string Name, string Value) Note(string note) => note.StartsWith(HintMark, StringComparison.Ordinal) ? ("hint", note[HintMark.Length..]) : ("note", note);

    private static IEnumerable<(string Name, string Value)> Lines(RunSummary s)
    {
        if (s.TestLoss is not null)
        {
            var end = s.NoConvergence ? "  no convergence" : "";
            yield return s.TestAccuracy is { } percent
                ? ("test accuracy", $"{Number(percent, "F2")} %  (loss {Number(s.TestLoss, "G4")}){end}")
                : ("test loss", $"{Number(s.TestLoss, "G4")}{end}");
        }

        foreach (var (name, accuracy, loss) in ((string, double?, double?)[])[("train", s.TrainAccuracy, s.TrainLoss), ("validation", s.ValidationAccuracy, s.ValidationLoss)])
        {
            if (loss is not null)
            {
                yield return accuracy is { } percent ? (name, $"{Number(percent, "F2")} %  (loss {Number(loss, "G4")})") : ($"{name} loss", Number(loss, "G4"));
            }
        }

        yield return ("updates", $"{Number(s.Updates, "N0")}  ({Number(s.UpdatesPerSecond, "N0")}/s, {Number(s.Samples, "N0")} samples, {s.Workers} workers)");
        var p = s.Pushes;
        if (p.Buffered + p.Dropped + p.Cancelled > 0)
        {
            yield return ("pushes", $"{Number(p.Applied, "N0")} applied, {Number(p.Buffered, "N0")} buffered, {Number(p.Dropped, "N0")} dropped, {Number(p.Cancelled, "N0")} cancelled");
        }

        var t = s.Staleness;
        yield return ("staleness", $"mean {Number(t.Mean, "F2")}  p50 {Number(t.P50, "G6")}  p99 {Number(t.P99, "G6")}  max {Number(t.Max, "G6")}");
        yield return ("gap", $"mean {Number(s.Gap.Mean, "G3")}  max {Number(s.Gap.Max, "G3")}  (rms per parameter)");
        if (s.VirtualSeconds is { } seconds)
        {
            yield return ("virtual time", Duration(seconds));
        }

        if (s.Schedule is { } source)
        {
            yield return ("schedule", $"of {source}");
        }

        yield return ("digest", s.Digest ?? "none");
        yield return ("folder", s.Folder);
        if (s.Report is { } report)
        {
            yield return ("report", report);
        }
    }
}
