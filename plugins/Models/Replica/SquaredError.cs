using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// The mean of the squared distance between a sample's outputs and its values, as PyTorch's
/// MSELoss: loss = 1/t Σ (x_v - y_v)², gradient = 2/t (x_v - y_v). Sample by sample, so that no bit
/// depends on the vectors' width.
/// </summary>
internal sealed unsafe class SquaredError<TLanes>(Activation outputs) : IOutputLoss where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly int values = outputs.Volume.Channels;

    public void AddLosses(int chunk, in Batch batch, Piece samples, ref double sumOfLosses)
    {
        var x = outputs.Values(chunk);
        for (var lane = 0; lane < samples.Length; lane++)
        {
            var sum = 0.0;
            for (var v = 0; v < values; v++)
            {
                var distance = (double)(x[(v * TLanes.Count) + lane] - batch.Values[((samples.Start + lane) * values) + v]);
                sum += distance * distance;
            }

            sumOfLosses += sum / values;
        }
    }

    public void Gradient(int chunk, in Batch batch, Piece samples)
    {
        var x = outputs.Values(chunk);
        var gradient = outputs.Gradients(chunk);
        var scale = 2f / ((float)batch.Count * values);
        for (var v = 0; v < values; v++)
        {
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                var at = (v * TLanes.Count) + lane;
                gradient[at] = lane < samples.Length ? (x[at] - batch.Values[((samples.Start + lane) * values) + v]) * scale : 0;
            }
        }
    }

    public void Predict(int chunk, Span<int> predictions)
    {
    }
}
