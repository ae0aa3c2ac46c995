using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>A two-dimensional convolution (cross-correlation) with a square kernel.</summary>
public sealed record Conv2dOptions(
    [Description("Output channels.")][Range(1, 65536)][AlsoKnownAs("outChannels", "filters")] int Channels,
    [Description("Height and width of the kernel.")][Range(1, 1024)][AlsoKnownAs("kernelSize")] int Kernel,
    [Description("Distance between neighbouring places.")][Range(1, 1024)] int Stride = 1,
    [Description("Zeros added on each side.")][Range(0, 1024)] int Padding = 0,
    [Description("Adds one learned value per output channel.")] bool Bias = true) : LayerOptions;
