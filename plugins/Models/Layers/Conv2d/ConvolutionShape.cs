namespace Orchestrator.Models;

/// <summary>The sizes of a convolution.</summary>
internal sealed record ConvolutionShape(Volume Input, int Channels, int Kernel, int Stride, int Padding)
{
    public int PaddedHeight => checked(Input.Height + (2 * Padding));

    public int PaddedWidth => checked(Input.Width + (2 * Padding));

    public Volume Output => new(Channels, ((PaddedHeight - Kernel) / Stride) + 1, ((PaddedWidth - Kernel) / Stride) + 1);

    /// <summary>Weights per output channel.</summary>
    public int Taps => checked(Input.Channels * Kernel * Kernel);
}
