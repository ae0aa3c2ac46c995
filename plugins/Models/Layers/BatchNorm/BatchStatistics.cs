namespace Orchestrator.Models;

/// <summary>
/// The statistics of one batch-norm layer. Sums run in float32 over the places of a chunk, relative to a value of the channel itself so that little
/// cancels, and in float64 over lanes and chunks; lanes without a sample are left out.
/// </summary>
internal sealed unsafe class BatchStatistics<TLanes>(Workspace<TLanes> workspace, BatchNormTensors tensors, float epsilon, Activation input)
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
    public float* Shift(Pass pass) => pass.Parameters + tensors.Shift.Offset;

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

        Sum(pass, chunk, input.Values(chunk), null);
    }

    /// <summary>Mean and deviation from the sums of the batch, or in evaluation from the buffers.</summary>
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
                pass.PushedBuffers[tensors.Mean.Offset + channel] = (float)mean;
                pass.PushedBuffers[tensors.Variance.Offset + channel] = (float)(variance * count / Math.Max(1, count - 1));
            }
            else
            {
                mean = pass.Buffers[tensors.Mean.Offset + channel];
                variance = pass.Buffers[tensors.Variance.Offset + channel];
            }

            var inverse = 1 / Math.Sqrt(variance + epsilon);
            Mean[channel] = (float)mean;
            Inverse[channel] = (float)inverse;
            Scale[channel] = (float)(pass.Parameters[tensors.Scale.Offset + channel] * inverse);
        }
    }

    /// <summary>Adds one chunk of gradients to the output.</summary>
    public void AddGradients(Pass pass, int chunk, float* gradients)
    {
        if (chunk == 0)
        {
            Clear();
        }

        Sum(pass, chunk, input.Values(chunk), gradients);
    }

    /// <summary>The parameters' gradients, and what the gradient to the input needs.</summary>
    public void FinishGradients(Pass pass)
    {
        var count = (double)pass.Samples * input.Volume.Places;
        for (var channel = 0; channel < channels; channel++)
        {
            var scaleGradient = secondSums[channel] * Inverse[channel];
            pass.Gradient[tensors.Shift.Offset + channel] = (float)firstSums[channel];
            pass.Gradient[tensors.Scale.Offset + channel] = (float)scaleGradient;
            Constant[channel] = (float)(-Scale[channel] * firstSums[channel] / count);
            Slope[channel] = (float)(-Scale[channel] * Inverse[channel] * scaleGradient / count);
        }
    }

    private void Clear()
    {
        Array.Clear(firstSums);
        Array.Clear(secondSums);
    }

    // First sum: of gradients, or of values less the centre. Second: of that times the value less the centre.
    private void Sum(Pass pass, int chunk, float* values, float* gradients)
    {
        var lanes = Math.Min(TLanes.Count, pass.Samples - (chunk * TLanes.Count));
        for (var channel = 0; channel < channels; channel += 4)
        {
            var width = Math.Min(4, channels - channel);
            if (width == 4)
            {
                SumFour(values, gradients, channel);
            }
            else
            {
                SumEach(values, gradients, channel, width);
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

    // Four channels at once: neighbours in memory, and enough additions in flight.
    private void SumFour(float* values, float* gradients, int channel)
    {
        var zero = TLanes.Create(0);
        var (a0, a1, a2, a3) = (zero, zero, zero, zero);
        var (b0, b1, b2, b3) = (zero, zero, zero, zero);
        var (m0, m1, m2, m3) = (TLanes.Broadcast(Mean + channel), TLanes.Broadcast(Mean + channel + 1), TLanes.Broadcast(Mean + channel + 2), TLanes.Broadcast(Mean + channel + 3));
        for (nint i = (nint)channel * TLanes.Count, end = (nint)input.Volume.Length * TLanes.Count; i < end; i += (nint)channels * TLanes.Count)
        {
            var x0 = TLanes.Load(values + i) - m0;
            var x1 = TLanes.Load(values + i + TLanes.Count) - m1;
            var x2 = TLanes.Load(values + i + (2 * TLanes.Count)) - m2;
            var x3 = TLanes.Load(values + i + (3 * TLanes.Count)) - m3;
            var (d0, d1, d2, d3) = gradients == null
                ? (x0, x1, x2, x3)
                : (TLanes.Load(gradients + i), TLanes.Load(gradients + i + TLanes.Count),
                    TLanes.Load(gradients + i + (2 * TLanes.Count)), TLanes.Load(gradients + i + (3 * TLanes.Count)));
            (a0, a1, a2, a3) = (a0 + d0, a1 + d1, a2 + d2, a3 + d3);
            b0 = TLanes.FusedMultiplyAdd(d0, x0, b0);
            b1 = TLanes.FusedMultiplyAdd(d1, x1, b1);
            b2 = TLanes.FusedMultiplyAdd(d2, x2, b2);
            b3 = TLanes.FusedMultiplyAdd(d3, x3, b3);
        }

        Keep(0, a0, b0);
        Keep(1, a1, b1);
        Keep(2, a2, b2);
        Keep(3, a3, b3);
    }

    private void SumEach(float* values, float* gradients, int channel, int width)
    {
        for (var k = 0; k < width; k++)
        {
            var (a, b) = (TLanes.Create(0), TLanes.Create(0));
            var mean = TLanes.Broadcast(Mean + channel + k);
            for (nint i = (nint)(channel + k) * TLanes.Count, end = (nint)input.Volume.Length * TLanes.Count; i < end; i += (nint)channels * TLanes.Count)
            {
                var x = TLanes.Load(values + i) - mean;
                var d = gradients == null ? x : TLanes.Load(gradients + i);
                a += d;
                b = TLanes.FusedMultiplyAdd(d, x, b);
            }

            Keep(k, a, b);
        }
    }

    private void Keep(int k, TLanes first, TLanes second)
    {
        TLanes.Store(firstLanes + (k * TLanes.Count), first);
        TLanes.Store(secondLanes + (k * TLanes.Count), second);
    }
}
