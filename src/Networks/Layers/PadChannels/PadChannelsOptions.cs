using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Networks;

/// <summary>
/// Appends channels of zeros: the shortcut without parameters of residual networks (option A of He,
/// Zhang, Ren, Sun: Deep residual learning for image recognition, 2016), together with an
/// average-pool of kernel 1 and stride 2.
/// </summary>
public sealed record PadChannelsOptions(
    [Description("Channels after padding; at least as many as before.")][Range(1, 65536)] int Channels) : LayerOptions;
