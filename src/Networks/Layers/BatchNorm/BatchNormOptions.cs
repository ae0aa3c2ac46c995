using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// Normalises each channel to mean 0 and variance 1, then scales and shifts it by learned values.
/// Training uses the statistics of the batch, evaluation those of the model's buffers. Ioffe and
/// Szegedy: Batch normalization, 2015.
/// </summary>
public sealed record BatchNormOptions(
    [Description("Added to the variance.")][Range(1e-12, 1.0)][AlsoKnownAs("eps")] double Epsilon = 1e-5) : LayerOptions;
