using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>two-bit</c>.</summary>
public sealed record TwoBitOptions(
    [Description("The only magnitude that a push holds, in the scale of a gradient's elements.")][Range(1e-12, 1e12)] double Threshold = 0.5);

/// <summary>
/// Two-bit threshold compression: each element is sent as plus or minus a fixed threshold, or not
/// at all; the rest waits in a residual.
/// <code>r += g;  push = threshold where r is at least threshold, -threshold where r is at most -threshold, else 0;  r -= push</code>
/// As in MXNet's key-value store (gradient compression "2bit"), after Strom: Scalable distributed
/// DNN training using commodity GPU cloud computing, Interspeech 2015. No deviation. Payload: two
/// bits per element, in words of 16. State per worker: 4k bytes.
/// </summary>
[Description("Pushes plus or minus a threshold or nothing per element, with a residual.")]
[Plugin("two-bit")]
internal sealed class TwoBit(TwoBitOptions options) : IWorkerRule
{
    public int StateLength(int parameters) => parameters;

    public long PayloadBytes(int parameters) => 4 * (((long)parameters + 15) / 16);

    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);
        FusedPass.Run(new Clip((float)options.Threshold), push, work.State, push);
    }

    private readonly struct Clip(float threshold) : IFormula12
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> g, ref Vector<float> residual, ref Vector<float> push)
        {
            var (up, down) = (new Vector<float>(threshold), new Vector<float>(-threshold));
            residual += g;
            push = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(residual, up), up, Vector<float>.Zero);
            push = Vector.ConditionalSelect(Vector.LessThanOrEqual(residual, down), down, push);
            residual -= push;
        }
    }
}
