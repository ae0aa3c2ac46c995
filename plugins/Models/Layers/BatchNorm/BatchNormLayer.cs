using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>Scale and shift are parameters, mean and variance are buffers; each <c>[channels]</c>.</summary>
internal sealed class BatchNormLayer : Layer
{
    private readonly BatchNormTensors tensors;
    private readonly float epsilon;

    private BatchNormLayer(Volume volume, BatchNormTensors tensors, float epsilon)
        : base(volume) => (this.tensors, this.epsilon) = (tensors, epsilon);

    public override bool NeedsWholeBatch => true;

    public static BatchNormLayer Create(BatchNormOptions options, Volume input, LayerScope scope)
    {
        var name = scope.NextName("bn");
        var tensors = new BatchNormTensors(
            scope.Parameter($"{name}.weight", input.Channels), scope.Parameter($"{name}.bias", input.Channels),
            scope.Buffer($"{name}.running_mean", input.Channels), scope.Buffer($"{name}.running_var", input.Channels));
        return new BatchNormLayer(input, tensors, (float)options.Epsilon);
    }

    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        parameters.Slice(tensors.Scale.Offset, tensors.Scale.Length).Fill(1);
        parameters.Slice(tensors.Shift.Offset, tensors.Shift.Length).Clear();
        buffers.Slice(tensors.Mean.Offset, tensors.Mean.Length).Clear();
        buffers.Slice(tensors.Variance.Offset, tensors.Variance.Length).Fill(1);
    }

    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var statistics = new BatchStatistics<TLanes>(workspace, tensors, epsilon, input);
        var output = workspace.CreateActivation(Output);
        var statisticsOperation = new BatchStatisticsOperation<TLanes>(statistics, input, output);
        workspace.AppendReader(statisticsOperation, input);
        workspace.UseGradient(statisticsOperation, output);
        return workspace.Append(new NormalizeOperation<TLanes>(statistics, input, output), output);
    }
}

/// <summary>Where a batch-norm layer's tensors are.</summary>
internal sealed record BatchNormTensors(NamedTensor Scale, NamedTensor Shift, NamedTensor Mean, NamedTensor Variance);
