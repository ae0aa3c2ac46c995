using Orchestrator.Networks;
using static TorchSharp.torch;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// The mask of one dropout layer, the same as every backend's: see <see cref="DropoutMask"/>.
/// </summary>
internal sealed class DropoutTensor(DropoutLayer layer, TorchDevice device, int largestBatch) : IDisposable
{
    private readonly HostTensor mask = new([largestBatch, layer.Input.Length], device.Device);
    private readonly uint[] first = new uint[largestBatch];
    private readonly uint[] second = new uint[largestBatch];

    /// <summary>Draws the keys of a batch and computes its mask.</summary>
    public void Draw(Random random, int samples)
    {
        DropoutMask.DrawKeys(random, first.AsSpan(0, samples), second.AsSpan(0, samples));
        var values = mask.Values<float>();
        var volume = layer.Input;
        var (threshold, scale) = (DropoutMask.Threshold(layer.Rate), DropoutMask.Scale(layer.Rate));
        var i = 0;
        for (var sample = 0; sample < samples; sample++)
        {
            // The mask counts channels innermost, a tensor places.
            for (var channel = 0; channel < volume.Channels; channel++)
            {
                for (var place = 0; place < volume.Places; place++)
                {
                    var index = (uint)((place * volume.Channels) + channel);
                    values[i++] = DropoutMask.Stays(index, first[sample], second[sample], threshold) ? scale : 0;
                }
            }
        }

        mask.Upload();
    }

    /// <summary>
    /// <c>[samples, channels * places]</c>: the scale where a value stays, else 0.
    /// </summary>
    public Tensor Mask(int samples) => mask.Tensor.narrow(0, 0, samples);

    public void Dispose() => mask.Dispose();
}
