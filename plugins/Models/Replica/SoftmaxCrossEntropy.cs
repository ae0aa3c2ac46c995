using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// Softmax followed by the negative log-likelihood of the label: loss = log Σ exp(x_c) - x_label,
/// gradient = softmax(x) - one-hot(label). Computed from x - max(x), so that no exponential
/// overflows.
/// </summary>
internal sealed unsafe class SoftmaxCrossEntropy<TLanes>(Workspace<TLanes> workspace, Activation logits) : IOutputLoss where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly int classes = logits.Volume.Channels;
    private readonly float* largest = workspace.Allocate(TLanes.Count);
    private readonly float* logSum = workspace.Allocate(TLanes.Count);

    public void AddLosses(int chunk, in Batch batch, Piece samples, ref double sumOfLosses)
    {
        var labels = batch.Labels.Slice(samples.Start, samples.Length);
        var x = logits.Values(chunk);
        var maximum = Maximum(x);
        var sum = TLanes.Create(0);
        for (var c = 0; c < classes; c++)
        {
            sum += LaneMath<TLanes>.Exp(TLanes.Load(x + (c * TLanes.Count)) - maximum);
        }

        TLanes.Store(largest, maximum);
        TLanes.Store(logSum, LaneMath<TLanes>.Log(sum));
        for (var lane = 0; lane < labels.Length; lane++)
        {
            sumOfLosses += largest[lane] - x[(labels[lane] * TLanes.Count) + lane] + logSum[lane];
        }
    }

    public void Gradient(int chunk, in Batch batch, Piece samples)
    {
        var labels = batch.Labels.Slice(samples.Start, samples.Length);
        var batchSamples = batch.Count;
        var x = logits.Values(chunk);
        var gradient = logits.Gradients(chunk);
        var maximum = Maximum(x);
        var sum = TLanes.Create(0);
        for (var c = 0; c < classes * TLanes.Count; c += TLanes.Count)
        {
            var exponential = LaneMath<TLanes>.Exp(TLanes.Load(x + c) - maximum);
            TLanes.Store(gradient + c, exponential);
            sum += exponential;
        }

        var scale = TLanes.Create(1f / batchSamples) / sum;
        for (var c = 0; c < classes * TLanes.Count; c += TLanes.Count)
        {
            TLanes.Store(gradient + c, TLanes.Load(gradient + c) * scale);
        }

        for (var lane = 0; lane < labels.Length; lane++)
        {
            gradient[(labels[lane] * TLanes.Count) + lane] -= 1f / batchSamples;
        }

        for (var lane = labels.Length; lane < TLanes.Count; lane++)
        {
            for (var c = 0; c < classes; c++)
            {
                gradient[(c * TLanes.Count) + lane] = 0;
            }
        }
    }

    public void Predict(int chunk, Span<int> predictions)
    {
        var x = logits.Values(chunk);
        for (var lane = 0; lane < predictions.Length; lane++)
        {
            var best = 0;
            for (var c = 1; c < classes; c++)
            {
                best = x[(c * TLanes.Count) + lane] > x[(best * TLanes.Count) + lane] ? c : best;
            }

            predictions[lane] = best;
        }
    }

    private TLanes Maximum(float* x)
    {
        var maximum = TLanes.Load(x);
        for (var c = 1; c < classes; c++)
        {
            maximum = TLanes.Max(maximum, TLanes.Load(x + (c * TLanes.Count)));
        }

        return maximum;
    }
}
