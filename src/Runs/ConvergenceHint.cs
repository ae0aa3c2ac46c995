using System.Globalization;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// What to try when a run did not converge, or swung on its way: in asynchronous SGD usually a
/// learning rate that is too large for the staleness and the momentum that it meets. It says what
/// was measured and what may help; it claims no cause.
/// </summary>
internal static class ConvergenceHint
{
    // Accuracy that was there and is lost again at the next evaluation, percentage points.
    private const double LostPoints = 10;

    // A loss that is above the first by less than this share may be chance.
    private const double Swing = 0.05;

    /// <summary>One sentence, or none where there is nothing to say.</summary>
    public static IEnumerable<string> Of(RunSummary summary, RunStatistics records, ResolvedPipeline pipeline)
    {
        if (summary.Status is not (RunStatus.Completed or RunStatus.Diverged) || Finding(summary, records) is not { } finding)
        {
            return [];
        }

        var staleness = summary.Staleness.Mean ?? 0;
        return [staleness >= 1 ? $"hint: {finding}; {Stale(staleness, pipeline)}" : $"hint: {finding}; gradients were hardly stale, so try a smaller step: {Rate(pipeline, 10)}"];
    }

    private static string? Finding(RunSummary summary, RunStatistics records)
    {
        if (summary.NoConvergence)
        {
            return summary.Status == RunStatus.Diverged ? "the run diverged" : "the run learned nothing";
        }

        if (records is { FirstEvaluation: { } first } && records.WorstLoss > first.TestLoss * (1 + Swing))
        {
            return Text($"the run was unstable: its test loss rose to {records.WorstLoss:G3} on the way, from {first.TestLoss:G3} at the start");
        }

        return records.LargestFall >= LostPoints
            ? Text($"the run was unstable: its test accuracy fell by {records.LargestFall:F0} points from one evaluation to the next")
            : null;
    }

    private static string Stale(double staleness, ResolvedPipeline pipeline)
    {
        var momentum = Momentum(pipeline);
        List<string> tries = [];
        if (momentum > 0)
        {
            tries.Add("--set optimizer.momentum=0");
        }

        tries.Add(Rate(pipeline, 1 + staleness));
        if (pipeline.Optimizer.Corrections.Count == 0)
        {
            tries.Add("a correction for staleness (optimizer.corrections)");
        }

        tries.Add("fewer workers");
        var beside = momentum > 0 ? Text($", and momentum {momentum} lets each go on for about {1 / (1 - momentum):F0} updates more") : "";
        return Text($"gradients were {staleness:F1} updates old on average{beside}, which may be too much for learning rate {pipeline.Optimizer.LearningRate}. Try one of: {string.Join(", ", tries)}");
    }

    // One digit is enough for something to try.
    private static string Rate(ResolvedPipeline pipeline, double divisor) =>
        "--set optimizer.learningRate=" + double.Parse(Text($"{pipeline.Optimizer.LearningRate / divisor:E0}"), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    private static double Momentum(ResolvedPipeline pipeline)
    {
        using var options = JsonDocument.Parse(pipeline.Optimizer.Rule.Json);
        return options.RootElement.TryGetProperty("momentum", out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < 1 and var momentum ? momentum : 0;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
