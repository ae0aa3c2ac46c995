using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// In training, each value becomes zero with the given probability and the others are divided by
/// the probability to stay; nothing in evaluation.
/// </summary>
public sealed record DropoutOptions(
    [Description("Probability of a value to become zero.")][Range(0.0, 0.999)][AlsoKnownAs("p", "probability")] double Rate) : LayerOptions;
