using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>one-bit</c>.</summary>
public sealed record OneBitOptions(
    [Description("Elements that share two reconstruction values.")][Range(1, 1_000_000_000)] int BlockSize = 512);

/// <summary>
/// One-bit SGD: a push carries a sign per element and two values per block; the error waits in a
/// residual.
/// <code>r += g;  push = mean of the block's r that are at least 0, where r is; mean of the others elsewhere;  r -= push</code>
/// Seide, Fu, Droppo, Li, Yu: 1-bit stochastic gradient descent and its application to
/// data-parallel distributed training of speech DNNs, Interspeech 2014. Deviations: blocks of
/// consecutive elements take the place of a weight matrix's columns; no full-precision warm start.
/// Payload: one bit per element and 8 bytes per block. State per worker: 4k bytes.
/// </summary>
[Description("One-bit SGD: a sign per element, the error waits in a residual.")]
[Plugin("one-bit")]
internal sealed class OneBit(OneBitOptions options) : IWorkerRule
{
    public int StateLength(int parameters) => parameters;

    public long PayloadBytes(int parameters)
    {
        var blocks = ((long)parameters + options.BlockSize - 1) / options.BlockSize;
        return (((long)parameters + 7) / 8) + (8 * blocks);
    }

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        Sparse.Remember(push, work.State);
        for (var offset = 0; offset < push.Length;)
        {
            var length = Math.Min(options.BlockSize, push.Length - offset);
            Quantize(work.State.Slice(offset, length), push.Slice(offset, length));
            offset += length;
        }
    }

    private static void Quantize(Span<float> residual, Span<float> push)
    {
        var (positive, negative, positives) = (0.0, 0.0, 0);
        foreach (var value in residual)
        {
            if (value >= 0)
            {
                positive += value;
                positives++;
            }
            else
            {
                negative += value;
            }
        }

        var (up, down) = ((float)(positive / positives), (float)(negative / (residual.Length - positives)));
        for (var i = 0; i < push.Length; i++)
        {
            push[i] = residual[i] >= 0 ? up : down;
            residual[i] -= push[i];
        }
    }
}
