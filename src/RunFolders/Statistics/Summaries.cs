using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>Puts a run's summary together from its description, its records and its end.</summary>
internal static class Summaries
{
    public static RunSummary Make(RunDocument document, string folder, RunOutcome outcome, RunStatistics records, string? digest)
    {
        var updates = outcome.Updates ?? records.Updates;
        var staleness = records.Staleness;
        return new RunSummary
        {
            Id = document.Id,
            Attempt = document.Attempt,
            Name = document.Name,
            Status = outcome.Status,
            Message = outcome.Message,
            Schedule = document.Run.Schedule is { } source ? $"{source.Name}/{source.Id}-{source.Attempt}" : null,
            Folder = folder,
            Digest = digest,
            Updates = updates,
            UpdatesPerSecond = outcome.WallSeconds > 0 ? updates / outcome.WallSeconds : 0,
            TestAccuracy = Finite(records.LastEvaluation?.TestAccuracy),
            TestLoss = Finite(records.LastEvaluation?.TestLoss),
            TrainAccuracy = Finite(records.LastEvaluation?.Train?.Accuracy),
            TrainLoss = Finite(records.LastEvaluation?.Train?.Loss),
            ValidationAccuracy = Finite(records.LastEvaluation?.Validation?.Accuracy),
            ValidationLoss = Finite(records.LastEvaluation?.Validation?.Loss),
            NoConvergence = outcome.Status == RunStatus.Diverged || records.HasNonFiniteLoss
                || (outcome.Status == RunStatus.Completed && records.IsWithoutConvergence(document.Run.Classes)),
            Staleness = new(Finite(staleness.Mean), Finite(staleness.Quantile(0.5)), Finite(staleness.Quantile(0.99)), staleness.Count == 0 ? null : staleness.Maximum),
            Gap = new(Finite(records.Gap.Mean), Finite(records.Gap.Maximum)),
            Pushes = new(
                records.Count(PushDecision.Applied), records.Count(PushDecision.Buffered), records.Count(PushDecision.Dropped), records.Count(PushDecision.Cancelled)),
            Samples = records.Samples,
            Workers = document.Run.Workers,
            Hosts = outcome.Hosts,
            HostTraffic = outcome.HostTraffic,
            WallSeconds = outcome.WallSeconds,
            VirtualSeconds = outcome.VirtualSeconds,
            StartUp = outcome.StartUp,
        };
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
