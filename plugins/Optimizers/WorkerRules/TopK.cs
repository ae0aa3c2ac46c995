using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>top-k</c>.</summary>
public sealed record TopKOptions(
    [Description("Share of the elements that a push keeps.")][Range(1e-9, 1.0)] double Ratio = 0.01);

/// <summary>
/// Top-k sparsification with error feedback: a push carries the elements of largest magnitude, the
/// others wait in a residual.
/// <code>r += g;  push = the K elements of r of largest magnitude, 0 elsewhere;  r -= push;   K = ratio k</code>
/// Aji, Heafield: Sparse communication for distributed gradient descent, EMNLP 2017; Stich,
/// Cordonnier, Jaggi: Sparsified SGD with memory, NeurIPS 2018. Deviations: exactly K elements of
/// the whole vector (no threshold estimated from a sample); equals are taken in order of index; the
/// residual is in the scale of gradients, not multiplied by the learning rate. Payload: 8 K bytes,
/// index and value. State per worker: 4k bytes.
/// </summary>
[Description("Pushes the K largest elements, the rest waits in a residual.")]
[Plugin("top-k")]
internal sealed class TopK(TopKOptions options) : IWorkerRule
{
    private const int MagnitudeBits = 0x7FFFFFFF;
    private const int DigitBits = 10;

    public int StateLength(int parameters) => parameters;

    public long PayloadBytes(int parameters) => 8L * Sparse.Kept(options.Ratio, parameters);

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        var residual = work.State;
        Sparse.Remember(push, residual);
        var (smallest, ties) = Smallest(residual, Sparse.Kept(options.Ratio, push.Length));
        for (var i = 0; i < push.Length; i++)
        {
            var magnitude = Magnitude(residual[i]);
            var kept = magnitude > smallest || (magnitude == smallest && ties-- > 0);
            push[i] = kept ? residual[i] : 0;
            residual[i] = kept ? 0 : residual[i];
        }
    }

    // Non-negative floats are ordered as their bits are; NaN comes above all.
    private static int Magnitude(float value) => BitConverter.SingleToInt32Bits(value) & MagnitudeBits;

    // The smallest magnitude among the count largest, and how many equal to it are among them:
    // radix selection by digits of 11, 10 and 10 bits.
    private static (int Magnitude, int Ties) Smallest(ReadOnlySpan<float> values, int count)
    {
        Span<int> counts = stackalloc int[2 << DigitBits];
        var prefix = 0;
        for (var shift = 2 * DigitBits; shift >= 0; shift -= DigitBits)
        {
            var bins = shift == 2 * DigitBits ? counts : counts[..(1 << DigitBits)];
            bins.Clear();
            foreach (var value in values)
            {
                var digit = (Magnitude(value) >> shift) - (prefix << DigitBits);
                if ((uint)digit < (uint)bins.Length)
                {
                    bins[digit]++;
                }
            }

            var chosen = bins.Length - 1;
            for (; bins[chosen] < count; chosen--)
            {
                count -= bins[chosen];
            }

            prefix = (prefix << DigitBits) + chosen;
        }

        return (prefix, count);
    }
}
