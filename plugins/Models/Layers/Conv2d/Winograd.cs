using Orchestrator.Networks;

namespace Orchestrator.Models;

internal static class Winograd
{
    /// <summary>
    /// True if Winograd's short form pays: its transforms cost some operations per place and
    /// channel, which enough channels on the other side must earn back.
    /// </summary>
    public static bool Pays(ConvolutionShape shape) =>
        shape is { Kernel: 3, Stride: 1, Padding: <= 2 } && Math.Min(shape.Input.Channels, shape.Channels) >= 16 && shape.Output.Places >= 16;
}
