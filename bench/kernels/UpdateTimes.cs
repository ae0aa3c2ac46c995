using System.Numerics;
using Orchestrator.Abstractions;
using Orchestrator.Optimizers;

namespace Orchestrator.Kernels;

/// <summary>
/// The update rule sgd with momentum beside a loop that reads and writes the same bytes: gradient
/// in, velocity and parameters changed.
/// </summary>
internal static class UpdateTimes
{
    /// <summary>Milliseconds of both, medians, and the median of their paired ratios.</summary>
    public static double[] Measure(int length)
    {
        using var gradient = new NativeVector(length);
        using var parameters = new NativeVector(length);
        using var state = new RuleState(length, workers: 1);
        var sgd = new Sgd(new SgdOptions(Momentum: 0.9));
        sgd.Attach(new RuleContext(new ParameterLayout([new NamedTensor("x", [length], 0)], []), 1, state));
        var velocity = state.Vector("velocity");
        gradient.Span.Fill(1e-3f);
        var calls = Math.Max(1, 2_000_000 / length);
        var (rule, plain) = (new List<double>(), new List<double>());
        for (var round = 0; round < 300; round++)
        {
            var start = ProcessorTime.Milliseconds();
            for (var call = 0; call < calls; call++)
            {
                sgd.Apply(new Update(call, 0, 1, 0, 32, 1e-3, 1e-3, 0), gradient.Span, parameters.Span);
            }

            var middle = ProcessorTime.Milliseconds();
            for (var call = 0; call < calls; call++)
            {
                ReadModifyWrite(gradient.Span, velocity.Span, parameters.Span);
            }

            rule.Add((middle - start) / calls);
            plain.Add((ProcessorTime.Milliseconds() - middle) / calls);
        }

        // The first rounds run code that the JIT has not finished with.
        return [Median(rule[100..]), Median(plain[100..]), Median([.. rule.Zip(plain, (a, b) => a / b).Skip(100)])];
    }

    private static unsafe void ReadModifyWrite(ReadOnlySpan<float> gradient, Span<float> velocity, Span<float> parameters)
    {
        fixed (float* g = gradient, v = velocity, x = parameters)
        {
            for (var i = 0; i + Vector<float>.Count <= gradient.Length; i += Vector<float>.Count)
            {
                var a = Vector.Load(g + i);
                Vector.Store(Vector.Load(v + i) - a, v + i);
                Vector.Store(Vector.Load(x + i) - a, x + i);
            }
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
