using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace My.Plugin;

/// <summary>Options of the worker rule <c>my-plugin</c>.</summary>
public sealed record MyPluginWorkerRuleOptions(
    [Description("Largest Euclidean norm of a push.")][Range(1e-9, 1e9)] double LargestNorm = 1);

/// <summary>
/// Gradients are clipped to a largest norm before they are pushed:
/// <code>
/// push = g min(1, largestNorm / |g|)
/// </code>
/// Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, ICML 2013. No
/// state.
/// </summary>
[Plugin("my-plugin")]
[Description("Clips gradients to a largest norm before they are pushed.")]
internal sealed class MyPluginWorkerRule(MyPluginWorkerRuleOptions options) : IWorkerRule
{
    /// <summary>Runs on a worker host. What a worker remembers would be in <c>work.State</c>, never in a field.</summary>
    public void Run(in WorkerRuleWork work, IGradients gradients, Span<float> push)
    {
        gradients.Next(work.Sent, push);

        // Summed in a fixed order: the same bits on every processor.
        var norm = Math.Sqrt(FixedOrder.SumOfSquares(push));
        if (norm > options.LargestNorm)
        {
            var factor = (float)(options.LargestNorm / norm);
            foreach (ref var element in push)
            {
                element *= factor;
            }
        }
    }
}
