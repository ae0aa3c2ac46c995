using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>How much a run computes, from its pipeline alone.</summary>
/// <param name="Gradients">Batches of the pipeline's batch size.</param>
/// <param name="Evaluations">Tests of the parameters.</param>
/// <param name="Pushes">Rows of the record.</param>
/// <param name="Snapshots">Parameters that are kept, the last ones too.</param>
internal readonly record struct WorkEstimate(double Gradients, double Evaluations, double Pushes, double Snapshots)
{
    private const int Draws = 16;
    private const int MostDealt = 10_000;

    /// <summary>Samples of a batch: no worker has more than there are.</summary>
    public static int BatchOf(Cell cell) => Math.Min(cell.Pipeline.Workers.BatchSize, Math.Max(1, cell.Shape.TrainCount));

    public static WorkEstimate Of(Cell cell)
    {
        var (pipeline, train) = (cell.Pipeline, (double)cell.Shape.TrainCount);
        var (stop, batch) = (pipeline.Stop, (double)BatchOf(cell));
        var perUpdate = stop.Updates is null && pipeline.Evaluation.EveryUpdates is null && pipeline.Snapshots?.EveryUpdates is null ? 1 : PushesPerUpdate(pipeline);
        double?[] limits =
        [
            stop.Epochs * train / batch,
            stop.Passes is { } passes ? passes * train * WalkedOnce(cell) / batch : null,
            stop.Samples / batch,
            stop.Updates * perUpdate,
            stop.Seconds is { } seconds ? seconds * 1000 / MeanMilliseconds(cell) * pipeline.Workers.Count : null,
        ];
        var gradients = limits.Min() ?? 0;
        var evaluation = pipeline.Evaluation;
        var evaluations = 2 + (gradients * batch / train / (evaluation.EveryEpochs ?? double.PositiveInfinity)) + (gradients / perUpdate / (evaluation.EveryUpdates ?? double.PositiveInfinity));
        var snapshots = 1 + (pipeline.Snapshots is { } kept
            ? 1 + (gradients * batch / train / (kept.EveryEpochs ?? double.PositiveInfinity)) + (gradients / perUpdate / (kept.EveryUpdates ?? double.PositiveInfinity))
            : 0);
        return new WorkEstimate(gradients, evaluations, gradients, snapshots);
    }

    // How often a pass of all workers walks the training set: once, but for partitions that overlap. Of
    // labels that are dealt evenly, so that no data need be read.
    private static double WalkedOnce(Cell cell)
    {
        var (workers, classes) = (cell.Pipeline.Workers.Count, cell.Shape.Classes);
        int[] labels = [.. Enumerable.Range(0, Math.Min(cell.Shape.TrainCount, MostDealt)).Select(sample => sample % Math.Max(1, classes))];
        try
        {
            var dealt = cell.Pipeline.Partitioner.Create<IPartitioner>().Partition(
                classes > 0 ? labels : [], classes, labels.Length, workers, new Numerics.RandomStreams(cell.Pipeline.Seed).Open("forecast"));
            return (dealt.Count == 1 ? workers : 1) * dealt.Sum(part => (double)part.Length) / labels.Length;
        }
        catch (Exception)
        {
            // It deals by more than labels, or not so few samples; what is wrong with it the run will say.
            return 1;
        }
    }

    private static double PushesPerUpdate(ResolvedPipeline pipeline)
    {
        var consistency = pipeline.Consistency.Create<IConsistency>();
        return consistency.TakesMean ? 1 + consistency.LargestBuffer(pipeline.Workers.Count) : 1;
    }

    // A worker's time from pull to pull, by its first draws.
    private static double MeanMilliseconds(Cell cell)
    {
        var workers = cell.Pipeline.Workers;
        var mean = new[] { workers.ComputeOf(0), workers.DelayOf(0), workers.NetworkOf(0) }.OfType<PluginSection>().Sum(section => Mean(section, cell));
        return Math.Max(mean, 1e-6);
    }

    private static double Mean(PluginSection section, Cell cell)
    {
        var (delay, stream) = (section.Create<IDelay>(), new Numerics.RandomStreams(cell.Pipeline.Seed).Open("forecast"));
        var trait = delay.Trait(0, stream);
        return Enumerable.Range(0, Draws).Average(i => delay.Milliseconds(new DelayDraw(0, i, BatchOf(cell), 0, trait, stream)));
    }
}
