using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>The mean of each window; places beyond the last whole window are left out.</summary>
public sealed record AveragePoolOptions(
    [Description("Height and width of the window.")][Range(1, 1024)][AlsoKnownAs("kernelSize")] int Kernel,
    [Description("Distance between windows; absent: the kernel.")][Range(1, 1024)] int? Stride = null,
    [Description("Zeros added on each side, at most half the kernel, which count in the mean; absent: none.")][Range(0, 512)] int? Padding = null) : LayerOptions;

/// <summary>The mean of each channel over all places; features, one per channel.</summary>
public sealed record GlobalAveragePoolOptions : LayerOptions;
