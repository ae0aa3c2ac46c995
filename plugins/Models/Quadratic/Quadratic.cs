using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>
/// The noisy quadratic: loss(theta) = 1/2 Σ lambda_i theta_i², gradient lambda_i theta_i plus
/// Gaussian noise from the batch's random stream. Samples and labels are ignored. The model in
/// which Barkai et al. (Gap-aware mitigation of gradient staleness, ICLR 2020) and others study how
/// stale gradients diverge; a run takes a second, so it is the positive control of every comparison
/// of rules.
/// </summary>
[Description("The noisy quadratic: the control on which stale rules diverge in a second.")]
[Plugin("quadratic")]
internal sealed class Quadratic : IModel
{
    private readonly QuadraticOptions options;

    public Quadratic(QuadraticOptions options)
    {
        if (options.SmallestEigenvalue > options.LargestEigenvalue)
        {
            throw new OptionException(
                "smallestEigenvalue", $"{options.SmallestEigenvalue} is above largestEigenvalue ({options.LargestEigenvalue}); it must not be.");
        }

        this.options = options;
    }

    public IObjective Build(DatasetShape data) => new QuadraticObjective(options);
}
