using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// Batch-norm that fits its input; four tensors, each <c>[channels]</c>. A gradient normalises by
/// the batch's mean and its variance over samples and places (divided by their number), and pushes
/// that mean and the unbiased variance (divided by one less) as its buffers; an evaluation
/// normalises by the buffers that it is given.
/// </summary>
/// <param name="Input">The shape of what it takes and gives.</param>
/// <param name="Scale">Parameter, 1 at the start.</param>
/// <param name="Shift">Parameter, 0 at the start.</param>
/// <param name="Mean">Buffer, 0 at the start.</param>
/// <param name="Variance">Buffer, 1 at the start.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormLayer(Volume Input, NamedTensor Scale, NamedTensor Shift, NamedTensor Mean, NamedTensor Variance, float Epsilon)
    : Layer(Input, Input)
{
    /// <inheritdoc/>
    public override bool NeedsWholeBatch => true;

    /// <inheritdoc/>
    public override void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        parameters.Slice(Scale.Offset, Scale.Length).Fill(1);
        parameters.Slice(Shift.Offset, Shift.Length).Clear();
        buffers.Slice(Mean.Offset, Mean.Length).Clear();
        buffers.Slice(Variance.Offset, Variance.Length).Fill(1);
    }

    internal static BatchNormLayer Create(BatchNormOptions options, Volume input, LayerScope scope)
    {
        var name = scope.NextName("bn");
        return new BatchNormLayer(
            input,
            scope.Parameter($"{name}.weight", input.Channels), scope.Parameter($"{name}.bias", input.Channels),
            scope.Buffer($"{name}.running_mean", input.Channels), scope.Buffer($"{name}.running_var", input.Channels),
            (float)options.Epsilon);
    }
}
