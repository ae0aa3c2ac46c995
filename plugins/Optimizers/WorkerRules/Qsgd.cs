using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>qsgd</c>.</summary>
public sealed record QsgdOptions(
    [Description("s: levels between zero and the bucket's norm.")][Range(1, 32767)] int Levels = 15,
    [Description("d: elements that share a norm.")][Range(1, 1_000_000_000)] int BucketSize = 512);

/// <summary>
/// QSGD: each element is rounded at random to one of 2s + 1 levels of its bucket's norm, without
/// bias, so that no residual is needed.
/// <code>push = norm2(bucket) sign(g) xi / s;   xi = floor(a) + 1 with probability a - floor(a), else floor(a);   a = s |g| / norm2(bucket)</code>
/// Alistarh, Grubic, Li, Tomioka, Vojnovic: QSGD: communication-efficient SGD via gradient
/// quantization and encoding, NIPS 2017, section 3.1. Deviation: levels are counted as fixed-width
/// codes, not Elias codes, because a payload's size must not depend on values. Payload:
/// ceil(log2(2s + 1)) bits per element and 4 bytes per bucket. No state.
/// </summary>
[Description("QSGD: unbiased random rounding to a few levels of a bucket's norm.")]
[Plugin("qsgd")]
internal sealed class Qsgd(QsgdOptions options) : IWorkerRule
{
    public long PayloadBytes(int parameters)
    {
        var buckets = ((long)parameters + options.BucketSize - 1) / options.BucketSize;
        long bits = BitOperations.Log2((uint)(2 * options.Levels)) + 1;
        return (((bits * parameters) + 7) / 8) + (4 * buckets);
    }

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        for (var offset = 0; offset < push.Length;)
        {
            var length = Math.Min(options.BucketSize, push.Length - offset);
            Quantize(push.Slice(offset, length), work.Random);
            offset += length;
        }
    }

    private void Quantize(Span<float> bucket, Random random)
    {
        var norm = Math.Sqrt(FixedOrder.SumOfSquares(bucket));
        if (norm == 0)
        {
            return;
        }

        foreach (ref var value in bucket)
        {
            var level = Math.Abs(value) / norm * options.Levels;
            var whole = Math.Floor(level);
            var rounded = random.NextDouble() < level - whole ? whole + 1 : whole;
            value = (float)Math.CopySign(norm * rounded / options.Levels, value);
        }
    }
}
