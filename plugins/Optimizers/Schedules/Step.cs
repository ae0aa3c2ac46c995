using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Optimizers;

/// <summary>Options of <c>step</c>.</summary>
public sealed record StepOptions(
    [Description("Epochs at which the learning rate drops, ascending.")][AlsoKnownAs("milestones", "stepSize")] IReadOnlyList<double> Epochs,
    [Description("What each drop multiplies the learning rate by.")][Range(1e-9, 1.0)][AlsoKnownAs("gamma")] double Factor = 0.1);

/// <summary>
/// Drops at given epochs: <c>factor ^ (number of listed epochs at or before epoch)</c>.
/// </summary>
[Description("Multiplies the learning rate by a factor at given epochs.")]
[Plugin("step")]
internal sealed class Step : ISchedule
{
    private readonly StepOptions options;

    public Step(StepOptions options)
    {
        this.options = options;
        for (var i = 0; i < options.Epochs.Count; i++)
        {
            var least = i == 0 ? 0 : options.Epochs[i - 1];
            if (!(options.Epochs[i] >= least && double.IsFinite(options.Epochs[i])))
            {
                throw new OptionException($"epochs[{i}]", $"{options.Epochs[i]} does not follow {least}; epochs are finite, ascending, from 0.");
            }
        }
    }

    public double Factor(double epoch, int workers)
    {
        var drops = 0;
        while (drops < options.Epochs.Count && options.Epochs[drops] <= epoch)
        {
            drops++;
        }

        return Elementary.Power(options.Factor, drops);
    }
}
