namespace Orchestrator.Models;

/// <summary>The sizes of a convolution.</summary>
internal sealed record ConvolutionShape(Volume Input, int Channels, int Kernel, int Stride, int Padding)
{
    public int PaddedHeight => checked(Input.Height + (2 * Padding));

    public int PaddedWidth => checked(Input.Width + (2 * Padding));

    public Volume Output => new(Channels, ((PaddedHeight - Kernel) / Stride) + 1, ((PaddedWidth - Kernel) / Stride) + 1);

    /// <summary>
    /// True if Winograd's short form pays: its transforms cost some operations per place and channel, which enough channels on the other side must earn back.
    /// </summary>
    public bool HasShortForm => Kernel == 3 && Stride == 1 && Padding <= 2 && Math.Min(Input.Channels, Channels) >= 16 && Output.Places >= 16;

    /// <summary>Weights per output channel.</summary>
    public int Taps => checked(Input.Channels * Kernel * Kernel);
}
