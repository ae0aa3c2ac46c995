using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Sweeps;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>What is said of a sweep before it begins and when it has ended.</summary>
internal static class SweepViews
{
    private const int MostFailures = 10;
    private const int MostShown = 12;

    // Where what follows a name on a line begins.
    private const int Indent = 12;

    public static void Forecast(Terminal terminal, SweepPlan plan, SweepForecast forecast, SweepFolder folder, bool isJson, BuildCheck check)
    {
        if (isJson)
        {
            Terminal.Line(Json(plan, forecast, folder).ToJsonString());
            return;
        }

        var more = forecast.MostRuns > forecast.Runs ? $" known by now, at most {forecast.MostRuns} in a round" : "";
        Line(terminal, "cells", Whole(forecast.Cells));
        if (plan.Settings.Average.Count > 0)
        {
            Line(terminal, "settings", $"{Whole(plan.Groups.Count)}, each with its mean over {string.Join(" and ", plan.Settings.Average)}");
        }

        foreach (var group in plan.Groups.OrderByDescending(group => check.TriedEach.Contains(group.Cells[0].Key)).Take(MostShown))
        {
            Line(terminal, "", group.Label.Length == 0 ? plan.Name : group.Label);
        }

        if (plan.Groups.Count > MostShown)
        {
            Line(terminal, "", $"... and {plan.Groups.Count - MostShown} more");
        }

        Line(terminal, "runs", $"{Whole(forecast.Runs)}{more}: {Whole(forecast.Done)} done, {(forecast.Failed > 0 ? Whole(forecast.Failed) + " failed, " : "")}{Whole(forecast.Runs - forecast.Done - forecast.Failed)} left");
        if (forecast.Again > 0)
        {
            Line(terminal, "", $"of those done {Whole(forecast.Again)}, {OneOfEach(check)}, {(forecast.Again == 1 ? "is" : "are")} run again first: program or plugins have changed since, and that says whether the others count");
        }

        Line(terminal, "time", $"about {Duration(forecast.SecondsLeft)} with {forecast.Jobs} jobs ({(forecast.IsMeasured ? "from the runs that are done" : "from gradients computed now")})");
        Line(terminal, "memory", $"about {Size(forecast.MemoryBytes)}");
        Line(terminal, "disk", $"about {Size(forecast.DiskBytes)} more");
        Line(terminal, "folder", folder.FullPath);
    }

    /// <summary>Which runs try an earlier build.</summary>
    public static string OneOfEach(BuildCheck check) => check.TriedEach.Count == 0 ? "one for each set of plugins" : "one for each set of plugins and each cell of the rule that is put";

    public static void End(Terminal terminal, SweepOutcome outcome)
    {
        var (_, folder, state, _, _, table, verdicts, _, report, findings) = outcome;
        Heading(terminal, outcome);
        foreach (var decision in state.Decisions)
        {
            Line(terminal, "decided", decision);
        }

        Failed(terminal, outcome);
        Line(terminal, "folder", folder.FullPath);
        if (report is not null)
        {
            Line(terminal, "report", report);
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine(table.ToText(ComparisonOptions.Width(terminal)));
        if (verdicts is not null)
        {
            terminal.Out.WriteLine(verdicts.ToText(ComparisonOptions.Width(terminal)));
        }

        FindingsView.Brief(terminal.Out, findings);
    }

    /// <summary>The runs that failed, and why; the first of many.</summary>
    public static void Failed(Terminal terminal, SweepOutcome outcome)
    {
        var failed = outcome.State.Failed;
        foreach (var run in failed.Take(MostFailures))
        {
            Line(terminal, "failed", $"{run}: {Failures.Reason(outcome.Folder, run)?.ReplaceLineEndings("\n" + new string(' ', Indent))}");
        }

        if (failed.Count > MostFailures)
        {
            Line(terminal, "", $"... and {failed.Count - MostFailures} more");
        }
    }

    /// <summary>Which sweep it is, whether it is complete, and how many of its runs are done.</summary>
    public static void Heading(Terminal terminal, SweepOutcome outcome)
    {
        var state = outcome.State;
        var colour = state.IsComplete ? "green" : "yellow";
        var status = state.IsComplete ? "complete" : outcome.End.WasStopped ? "interrupted; the same command goes on" : state.Failed.Count > 0 ? "not complete; --retry runs the failed again" : "not complete";
        terminal.Out.MarkupLine($"[bold]{outcome.Plan.Name.EscapeMarkup()}[/] sweep {SweepDocument.IdOf(outcome.Plan)}  [{colour}]{status}[/]");
        Line(terminal, "runs", string.Create(CultureInfo.InvariantCulture, $"{outcome.Completed} of {state.Known.Count} done{(state.Failed.Count > 0 ? $", {state.Failed.Count} failed" : "")}"));
    }

    /// <summary>Runs that failed, each with why.</summary>
    public static JsonArray FailedJson(IEnumerable<PlannedRun> failed, SweepFolder folder) => new([.. failed.Select(run => (JsonNode)new JsonObject
    {
        ["run"] = run.ToString(),
        ["key"] = run.Key,
        ["reason"] = Failures.Reason(folder, run),
    })]);

    public static JsonObject Json(SweepOutcome outcome)
    {
        var document = Identity(outcome);
        document["cells"] = outcome.Plan.Cells.Count;
        document["runs"] = outcome.State.Known.Count;
        document["done"] = outcome.Completed;
        document["failed"] = FailedJson(outcome.State.Failed, outcome.Folder);
        document["decisions"] = new JsonArray([.. outcome.State.Decisions.Select(decision => (JsonNode)decision)]);
        document["table"] = JsonNode.Parse(outcome.Table.ToJson());
        document["comparisons"] = outcome.Verdicts is null ? null : JsonNode.Parse(outcome.Verdicts.ToJson());
        document["findings"] = AnalysisJson.Of(outcome.Findings);
        return document;
    }

    /// <summary>Which sweep it is, where it lies, and whether it is complete.</summary>
    public static JsonObject Identity(SweepOutcome outcome) => new()
    {
        ["id"] = SweepDocument.IdOf(outcome.Plan),
        ["name"] = outcome.Plan.Name,
        ["folder"] = outcome.Folder.FullPath,
        ["report"] = outcome.Report,
        ["complete"] = outcome.State.IsComplete,
    };

    public static string Duration(double seconds) => seconds switch
    {
        < 120 => seconds.ToString("F0", CultureInfo.InvariantCulture) + " s",
        < 7200 => (seconds / 60).ToString("F0", CultureInfo.InvariantCulture) + " min",
        < 172_800 => (seconds / 3600).ToString("F1", CultureInfo.InvariantCulture) + " h",
        _ => (seconds / 86_400).ToString("F1", CultureInfo.InvariantCulture) + " days",
    };

    public static string Size(long bytes) => bytes >= 1L << 30
        ? (bytes / (double)(1L << 30)).ToString("F1", CultureInfo.InvariantCulture) + " GB"
        : (bytes / (double)(1L << 20)).ToString("F1", CultureInfo.InvariantCulture) + " MB";

    public static void Line(Terminal terminal, string name, string value) => terminal.Out.MarkupLineInterpolated($"  [grey]{name,2 - Indent}[/]{value}");

    private static string Whole(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static JsonObject Json(SweepPlan plan, SweepForecast forecast, SweepFolder folder) => new()
    {
        ["id"] = SweepDocument.IdOf(plan),
        ["name"] = plan.Name,
        ["folder"] = folder.FullPath,
        ["cells"] = forecast.Cells,
        ["runs"] = forecast.Runs,
        ["mostRuns"] = forecast.MostRuns,
        ["done"] = forecast.Done,
        ["failed"] = forecast.Failed,
        ["again"] = forecast.Again,
        ["jobs"] = forecast.Jobs,
        ["secondsLeft"] = Math.Round(forecast.SecondsLeft, 1),
        ["isMeasured"] = forecast.IsMeasured,
        ["memoryBytes"] = forecast.MemoryBytes,
        ["diskBytes"] = forecast.DiskBytes,
    };
}
