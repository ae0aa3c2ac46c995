using System.Text.Json.Nodes;
using Orchestrator.RunFolders;
using Spectre.Console;
using static Orchestrator.Host.Figures;

namespace Orchestrator.Host;

/// <summary>
/// A counterfactual beside the run whose schedule it follows, for people and as JSON.
/// </summary>
internal static class ComparisonView
{
    public static void Write(IAnsiConsole console, RunSummary before, RunSummary now, RunComparison comparison)
    {
        Facts.Fact(console, "beside", $"{before.Name} {before.Id}-{before.Attempt}: {Accuracy(before)}");
        Facts.Fact(console, "difference", Verdict(before, now, comparison));
        if (comparison.FirstDifference is { } first)
        {
            Facts.Fact(console, "first differs", $"event {first.Event}: {first.Column} {Or(first.Recorded)} there, {Or(first.Replayed)} here ({first.File}:{first.Line})");
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("epoch", "version", "test accuracy, %: there", "here", "difference", "test loss: there", "here", "difference");
        foreach (var (there, here) in comparison.Points)
        {
            table.AddRow(
                Number(here.Epoch, "F2"), Number(here.Version, "N0"),
                Number(there.TestAccuracy, "F2"), Number(here.TestAccuracy, "F2"), Number(here.TestAccuracy - there.TestAccuracy, "+0.00;-0.00;0.00"),
                Number(there.TestLoss, "G5"), Number(here.TestLoss, "G5"), Number(here.TestLoss - there.TestLoss, "+0.0000;-0.0000;0.0000"));
        }

        console.Write(table);
    }

    public static string Json(RunSummary before, RunSummary now, RunComparison comparison, IReadOnlyList<string> warnings) => new JsonObject
    {
        ["summary"] = JsonNode.Parse(now.ToJson()),
        ["original"] = JsonNode.Parse(before.ToJson()),
        ["isSame"] = comparison.IsSame,
        ["firstDifference"] = VerificationView.Json(comparison.FirstDifference),
        ["evaluations"] = new JsonArray([.. comparison.Points.Select(point => (JsonNode)new JsonObject
        {
            ["epoch"] = point.Now.Epoch,
            ["version"] = point.Now.Version,
            ["testAccuracy"] = Finite(point.Now.TestAccuracy),
            ["originalTestAccuracy"] = Finite(point.Before.TestAccuracy),
            ["testLoss"] = Finite(point.Now.TestLoss),
            ["originalTestLoss"] = Finite(point.Before.TestLoss),
        })]),
        ["warnings"] = new JsonArray([.. warnings.Select(w => (JsonNode)w)]),
    }.ToJsonString();

    private static string Verdict(RunSummary before, RunSummary now, RunComparison comparison)
    {
        if (comparison.IsSame)
        {
            return "none: every push, every evaluation and the final parameters are those of the recorded run, bit for bit";
        }

        var accuracy = now.TestAccuracy - before.TestAccuracy is { } points ? $"{Number(points, "+0.00;-0.00;0.00")} points of test accuracy" : null;
        var loss = now.TestLoss - before.TestLoss is { } difference ? $"{Number(difference, "+0.0000;-0.0000;0.0000")} test loss" : null;
        return accuracy is null && loss is null ? "test accuracy unknown" : string.Join(", ", new[] { accuracy, loss }.OfType<string>());
    }

    private static string Accuracy(RunSummary summary) =>
        summary.TestLoss is null ? "not evaluated"
        : summary.TestAccuracy is { } percent ? $"{Number(percent, "F2")} % (loss {Number(summary.TestLoss.Value, "G4")})"
        : $"loss {Number(summary.TestLoss.Value, "G4")}";

    private static string Or(string value) => value.Length == 0 ? "nothing" : value;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
