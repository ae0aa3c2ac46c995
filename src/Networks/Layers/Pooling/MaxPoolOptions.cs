using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// The largest value of each window; places beyond the last whole window are left out.
/// </summary>
public sealed record MaxPoolOptions(
    [Description("Height and width of the window.")][Range(1, 1024)][AlsoKnownAs("kernelSize")] int Kernel,
    [Description("Distance between windows; absent: the kernel.")][Range(1, 1024)] int? Stride = null,
    [Description("Places added on each side, at most half the kernel, which are never the largest; absent: none.")][Range(0, 512)] int? Padding = null) : LayerOptions;
