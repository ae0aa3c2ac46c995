using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// Asks the model what the two replicas of a core take, with their samples: planning one is work,
/// and depends on fewer keys than the whole estimate.
/// </summary>
internal sealed class ReplicaCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["dataset", "model"];

    public long Detail(ResolvedPipeline pipeline) => pipeline.Workers.BatchSize;

    public void Run(CheckContext context)
    {
        if (context.Objective is not { } objective || context.Data is not { } data)
        {
            return;
        }

        // No worker has more samples than there are; what is kept for validation is still among them.
        var batch = Math.Min(context.Pipeline.Workers.BatchSize, Math.Max(1, data.TrainCount));
        var evaluated = objective.RecalibrationBatches > 0 ? Math.Max(IObjective.EvaluatedAtOnce, batch) : IObjective.EvaluatedAtOnce;
        var values = (long)Math.Max(batch, evaluated) * Math.Max(data.SampleLength, data.Values);
        if (values > int.MaxValue)
        {
            context.Add(
                batch > IObjective.EvaluatedAtOnce ? "workers.batchSize" : "dataset",
                string.Create(CultureInfo.InvariantCulture, $"{Math.Max(batch, evaluated)} samples of {Math.Max(data.SampleLength, data.Values)} values are {values} values at once; at most {int.MaxValue} are allowed"));
            return;
        }

        context.Plugins.Ask<IModel, object>(context.Pipeline.Model.Model, _ =>
        {
            try
            {
                var bytes = (decimal)objective.ReplicaBytes(batch) + objective.ReplicaBytes(evaluated) + ((decimal)sizeof(float) * (batch + evaluated) * data.SampleLength);
                context.ReplicaBytes = (long)Math.Min(long.MaxValue, bytes);
            }
            catch (OverflowException)
            {
                context.Add(
                    batch > IObjective.EvaluatedAtOnce ? "workers.batchSize" : context.Pipeline.Model.Model.Path,
                    $"what the model keeps for a batch of {Math.Max(batch, evaluated)} samples is more than can be counted: use smaller batches or a smaller model");
            }

            return null;
        });
    }
}
