using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>Finds settings that do nothing, double another one, or do more than they say.</summary>
internal static class Hints
{
    private const string Momentum = "momentum";

    /// <param name="context">A pipeline without mistakes.</param>
    public static IReadOnlyList<Hint> Of(CheckContext context) =>
        [.. Batches(context), .. Passes(context), .. DoubleMomentum(context.Pipeline), .. RepeatedCorrections(context.Pipeline), .. IdleCorrections(context), .. OptionsWithMore(context.Pipeline)];

    // The least that some worker gets cannot be more than the mean.
    private static IEnumerable<Hint> Batches(CheckContext context)
    {
        var workers = context.Pipeline.Workers;
        if (context.Data is { } data && workers.BatchSize > data.TrainCount / workers.Count && (IsShared(context, data) ? data.TrainCount : data.TrainCount / workers.Count) is var most
            && workers.BatchSize > most)
        {
            yield return new Hint(
                HintGrade.Hint,
                "workers.batchSize",
                $"{workers.BatchSize} samples are more than a worker has ({data.TrainCount} training samples, {workers.Count} workers): a batch is a worker's whole partition, at most {most} samples for some of them");
        }
    }

    // By the mean where workers get unequally many samples.
    private static IEnumerable<Hint> Passes(CheckContext context)
    {
        var (workers, stop) = (context.Pipeline.Workers, context.Pipeline.Stop);
        if (stop.Passes is not { } passes || context.Data is not { } data || context.Rule is not { Batches: > 1 and var perPush })
        {
            yield break;
        }

        var samples = IsShared(context, data) ? data.TrainCount : data.TrainCount / workers.Count;
        var batches = (long)passes * ((samples + workers.BatchSize - 1) / workers.BatchSize);
        if (batches % perPush != 0)
        {
            yield return new Hint(
                HintGrade.Hint,
                "stop.passes",
                $"the {passes} passes of a worker are {batches} batches, and a push holds {perPush} (workers.rule '{workers.Rule!.Name}'): the push that completes them reaches up to {perPush - 1} batches beyond");
        }
    }

    private static bool IsShared(CheckContext context, DatasetShape data)
    {
        var workers = context.Pipeline.Workers.Count;
        if (workers == 1)
        {
            return true;
        }

        try
        {
            // With labels that take turns, as many as any rule of dealing needs.
            var labels = new int[(int)Math.Min(data.TrainCount, Math.Max(2L * workers, 2L * workers * Math.Max(1, data.Classes)))];
            for (var i = 0; i < labels.Length && data.Classes > 0; i++)
            {
                labels[i] = i % data.Classes;
            }

            return context.Plugins.Get<IPartitioner>(context.Pipeline.Partitioner)!
                .Partition(data.Classes > 0 ? labels : [], data.Classes, labels.Length, workers, new Random(1)).Count == 1;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // It deals the real labels only; then there is a list for each worker.
            return false;
        }
    }

    private static IEnumerable<Hint> DoubleMomentum(ResolvedPipeline pipeline)
    {
        if (pipeline.Workers.Rule is { } rule && Number(rule, Momentum) is { } own and not 0 && Number(pipeline.Optimizer.Rule, Momentum) is { } server and not 0)
        {
            yield return new Hint(
                HintGrade.Warning,
                $"optimizer.{Momentum}",
                FormattableString.Invariant($"{server} comes on top of the momentum {own} of workers.rule '{rule.Name}': gradients pass through both; 0 in one of the two is what papers have"));
        }
    }

    private static IEnumerable<Hint> RepeatedCorrections(ResolvedPipeline pipeline)
    {
        var corrections = pipeline.Optimizer.Corrections;
        for (var i = 1; i < corrections.Count; i++)
        {
            if (corrections.Take(i).Any(earlier => earlier.Name == corrections[i].Name))
            {
                yield return new Hint(HintGrade.Warning, corrections[i].Path, $"'{corrections[i].Name}' is in the list already: a gradient is corrected by it once more");
            }
        }
    }

    // Under a look-ahead rule what a worker was sent differs from the parameters though nothing is
    // stale, and a correction may measure that.
    private static IEnumerable<Hint> IdleCorrections(CheckContext context)
    {
        var (pipeline, consistency) = (context.Pipeline, context.Consistency);
        var cause = pipeline.Workers.OverlapPulls ? null
            : pipeline.Workers.Count == 1 ? "with one worker"
            : consistency is { OneVersion: true } or { LargestStaleness: < 1 } ? $"under '{pipeline.Consistency.Name}'"
            : null;
        var idle = pipeline.Optimizer.Corrections
            .Where(correction => context.Optimizer is { SendsParameters: true } || context.Plugins.Get<ICorrection>(correction) is { ComparesLookAhead: true })
            .ToList();
        if (cause is not null && idle.Count > 0)
        {
            var names = string.Join(", ", idle.Select(correction => correction.Name));
            yield return new Hint(HintGrade.Hint, "optimizer.corrections", $"{names}: {cause} no gradient that counts is ever stale, so there is nothing to correct");
        }
    }

    private static IEnumerable<Hint> OptionsWithMore(ResolvedPipeline pipeline) =>
        from section in pipeline.Sections
        from option in section.Plugin.Options.Options
        where option.Hint is not null && section.Options[option.Name] is { } value and not NullNode && JsonText.Compact(value) != option.DefaultJson
        select new Hint(HintGrade.Hint, PathText.Member(section.Path, option.Name), $"{Mistakes.Quote(section.Options[option.Name]!)}: {option.Hint}");

    private static double? Number(PluginSection section, string option) => (section.Options[option] as NumberNode)?.Value;
}
