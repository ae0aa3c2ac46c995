using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The statistics of one batch-norm layer. Sums run in float32 over the places of a chunk, relative
/// to a value of the channel itself so that little cancels, and in float64 over lanes and chunks;
/// lanes without a sample are left out.
/// </summary>
internal sealed unsafe class BatchStatistics<TLanes>(Workspace<TLanes> workspace, BatchNormLayer layer, Activation input)
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly int channels = input.Volume.Channels;
    private readonly double[] firstSums = new double[input.Volume.Channels];
    private readonly double[] secondSums = new double[input.Volume.Channels];
    private readonly float* firstLanes = workspace.Allocate(4L * TLanes.Count);
    private readonly float* secondLanes = workspace.Allocate(4L * TLanes.Count);

    /// <summary>Centre of the sums, per channel; after <see cref="Finish"/> the mean.</summary>
    public float* Mean { get; } = workspace.Allocate(input.Volume.Channels);

    /// <summary>Learned scale over the standard deviation, per channel.</summary>
    public float* Scale { get; } = workspace.Allocate(input.Volume.Channels);

    /// <summary>The gradient to x is <c>Scale · dy + Slope · (x - Mean) + Constant</c>.</summary>
    public float* Slope { get; } = workspace.Allocate(input.Volume.Channels);

    public float* Constant { get; } = workspace.Allocate(input.Volume.Channels);

    private float* Inverse { get; } = workspace.Allocate(input.Volume.Channels);

    /// <summary>Learned shift, per channel.</summary>
    public float* Shift(Pass pass) => pass.Parameters + layer.Shift.Offset;

    /// <summary>Adds one chunk of inputs.</summary>
    public void AddValues(Pass pass, int chunk)
    {
        if (chunk == 0)
        {
            Clear();
            for (var channel = 0; channel < channels; channel++)
            {
                Mean[channel] = input.Values(0)[(nint)channel * TLanes.Count];
            }
        }

        Sum(pass, chunk, input.Values(chunk), null, null);
    }

    /// <summary>
    /// Mean and deviation from the sums of the batch, or in evaluation from the buffers.
    /// </summary>
    public void Finish(Pass pass)
    {
        var count = (double)pass.Samples * input.Volume.Places;
        for (var channel = 0; channel < channels; channel++)
        {
            double mean, variance;
            if (pass.Training)
            {
                var offset = firstSums[channel] / count;
                mean = Mean[channel] + offset;
                variance = Math.Max(0, (secondSums[channel] / count) - (offset * offset));
                pass.PushedBuffers[layer.Mean.Offset + channel] = (float)mean;
                pass.PushedBuffers[layer.Variance.Offset + channel] = (float)(variance * count / Math.Max(1, count - 1));
            }
            else
            {
                mean = pass.Buffers[layer.Mean.Offset + channel];
                variance = pass.Buffers[layer.Variance.Offset + channel];
            }

            var inverse = 1 / Math.Sqrt(variance + layer.Epsilon);
            Mean[channel] = (float)mean;
            Inverse[channel] = (float)inverse;
            Scale[channel] = (float)(pass.Parameters[layer.Scale.Offset + channel] * inverse);
        }
    }

    /// <summary>
    /// Adds one chunk of gradients to the output; zeroes those of rectified outputs on the way.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="gradients">Gradients to the output.</param>
    /// <param name="rectified">The output where a rectifier follows, else null.</param>
    public void AddGradients(Pass pass, int chunk, float* gradients, float* rectified)
    {
        if (chunk == 0)
        {
            Clear();
        }

        Sum(pass, chunk, input.Values(chunk), gradients, rectified);
    }

    /// <summary>The parameters' gradients, and what the gradient to the input needs.</summary>
    public void FinishGradients(Pass pass)
    {
        var count = (double)pass.Samples * input.Volume.Places;
        for (var channel = 0; channel < channels; channel++)
        {
            var scaleGradient = secondSums[channel] * Inverse[channel];
            pass.Gradient[layer.Shift.Offset + channel] = (float)firstSums[channel];
            pass.Gradient[layer.Scale.Offset + channel] = (float)scaleGradient;
            Constant[channel] = (float)(-Scale[channel] * firstSums[channel] / count);
            Slope[channel] = (float)(-Scale[channel] * Inverse[channel] * scaleGradient / count);
        }
    }

    private void Clear()
    {
        Array.Clear(firstSums);
        Array.Clear(secondSums);
    }

    // First sum: of gradients, or of values less the centre. Second: of that times the value less
    // the centre.
    private void Sum(Pass pass, int chunk, float* values, float* gradients, float* rectified)
    {
        var lanes = Math.Min(TLanes.Count, pass.Samples - (chunk * TLanes.Count));
        for (var channel = 0; channel < channels; channel += 4)
        {
            var width = Math.Min(4, channels - channel);
            for (var k = 0; k < width; k += width == 4 ? 4 : 1)
            {
                if (width == 4)
                {
                    SumColumns<Row4<TLanes>>(channel, values, gradients, rectified, firstLanes, secondLanes);
                }
                else
                {
                    SumColumns<Row1<TLanes>>(channel + k, values, gradients, rectified, firstLanes + (k * TLanes.Count), secondLanes + (k * TLanes.Count));
                }
            }

            for (var i = 0; i < width * TLanes.Count; i++)
            {
                if (i % TLanes.Count < lanes)
                {
                    firstSums[channel + (i / TLanes.Count)] += firstLanes[i];
                    secondSums[channel + (i / TLanes.Count)] += secondLanes[i];
                }
            }
        }
    }

    // Several channels at once: neighbours in memory, and enough additions in flight.
    private void SumColumns<TRow>(int channel, float* values, float* gradients, float* rectified, float* first, float* second)
        where TRow : unmanaged, IRow<TRow, TLanes>
    {
        var sum = TRow.Fill(TLanes.Create(0));
        var products = sum;
        var mean = TRow.Broadcast(Mean + channel);
        for (nint i = (nint)channel * TLanes.Count, end = (nint)input.Volume.Length * TLanes.Count; i < end; i += (nint)channels * TLanes.Count)
        {
            var x = TRow.Load(values + i, TLanes.Count).Subtract(mean);
            var d = x;
            if (gradients != null)
            {
                d = TRow.Load(gradients + i, TLanes.Count);
                if (rectified != null)
                {
                    d = d.KeepWherePositive(TRow.Load(rectified + i, TLanes.Count));
                    d.Store(gradients + i, TLanes.Count);
                }
            }

            sum = sum.Add(d);
            products = products.AddProduct(d, x);
        }

        sum.Store(first, TLanes.Count);
        products.Store(second, TLanes.Count);
    }
}
