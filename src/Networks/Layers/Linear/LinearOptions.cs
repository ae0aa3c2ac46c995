using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>A fully connected layer. Images must be flattened first.</summary>
public sealed record LinearOptions(
    [Description("Output features.")][Range(1, 1048576)][AlsoKnownAs("outFeatures", "units", "out")] int Features,
    [Description("Adds one learned value per feature.")] bool Bias = true) : LayerOptions;
