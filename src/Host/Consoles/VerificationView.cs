using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Spectre.Console;
namespace Orchestrator.Host;

/// <summary>What a verification found, for people and as JSON.</summary>
internal static class VerificationView
{
    public static void Write(IAnsiConsole console, ReplayReport report)
    {
        var colour = report.Verdict switch { "exact" => "green", "different" => "red", _ => "yellow" };
        Facts.Title(console, $"verification of {report.Run.Name}", $"{report.Run.Id}-{report.Run.Attempt}", colour, report.Verdict);
        if (report.Difference is { } difference)
        {
            Facts.Fact(console, "differs at", difference.ToString());
        }

        Facts.Fact(console, "equal", Equal(report));
        if (report is { IsWhole: false, Verdict: "exact" })
        {
            Facts.Fact(console, "note", "the run did not end in order: it has no final parameters and no digest to compare");
        }

        Facts.Fact(console, "folder", report.Run.Folder);
    }

    public static string Json(ReplayReport report) => new JsonObject
    {
        ["id"] = report.Run.Id,
        ["attempt"] = report.Run.Attempt,
        ["name"] = report.Run.Name,
        ["folder"] = report.Run.Folder,
        ["verdict"] = report.Verdict,
        ["isWhole"] = report.IsWhole,
        ["pushes"] = report.Pushes,
        ["evaluations"] = report.Evaluations,
        ["digest"] = report.Run.Document?.Digest,
        ["difference"] = Json(report.Difference),
        ["warnings"] = new JsonArray([.. report.Warnings.Select(w => (JsonNode)w)]),
    }.ToJsonString();

    public static JsonObject? Json(Difference? difference) => difference is not { } d ? null : new JsonObject
    {
        ["file"] = d.File,
        ["line"] = d.Line == 0 ? null : d.Line,
        ["event"] = d.Event,
        ["column"] = d.Column,
        ["recorded"] = d.Recorded,
        ["replayed"] = d.Replayed,
    };

    private static string Equal(ReplayReport report)
    {
        var rows = string.Create(CultureInfo.InvariantCulture, $"{report.Pushes:N0} pushes, {report.Evaluations:N0} evaluations");
        return report is { IsWhole: true, Difference: null, WasInterrupted: false } ? $"{rows}, partitions, final parameters, summary, digest" : rows;
    }
}
