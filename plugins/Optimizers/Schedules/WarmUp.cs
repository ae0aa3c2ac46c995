using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>warm-up</c>.</summary>
public sealed record WarmUpOptions(
    [Description("E: epochs until the full learning rate.")][Range(1e-6, 1e9)][AlsoKnownAs("warmupEpochs", "totalIters")] double Epochs = 5,
    [Description("The first factor; without one, 1 / workers.")][Range(0.0, 1.0)] double? Start = null);

/// <summary>
/// Linear warm-up: <c>s + (1 - s) epoch / E</c> with s = 1/N, then 1. Goyal et al.: Accurate, large
/// minibatch SGD: training ImageNet in 1 hour, arXiv 1706.02677, 2017, section 2.2; deviation: the
/// learning rate rises with every sample, not with every iteration, as epochs are real numbers
/// here. Multiplies with other schedules, whose epochs it does not shift.
/// </summary>
[Description("Rises linearly from 1/N of the learning rate to all of it.")]
[Plugin("warm-up")]
internal sealed class WarmUp(WarmUpOptions options) : ISchedule
{
    public double Factor(double epoch, int workers)
    {
        var start = options.Start ?? (1.0 / workers);
        return epoch >= options.Epochs ? 1 : start + ((1 - start) * (epoch / options.Epochs));
    }
}
