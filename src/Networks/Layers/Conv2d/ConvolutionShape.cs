namespace Orchestrator.Networks;

/// <summary>The sizes of a convolution.</summary>
/// <param name="Input">What it takes, without padding.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="Stride">Distance between neighbouring places.</param>
/// <param name="Padding">Zeros on each side of the input.</param>
public sealed record ConvolutionShape(Volume Input, int Channels, int Kernel, int Stride, int Padding)
{
    /// <summary>Height of the input with its padding.</summary>
    public int PaddedHeight => checked(Input.Height + (2 * Padding));

    /// <summary>Width of the input with its padding.</summary>
    public int PaddedWidth => checked(Input.Width + (2 * Padding));

    /// <summary>What it gives.</summary>
    public Volume Output => new(Channels, ((PaddedHeight - Kernel) / Stride) + 1, ((PaddedWidth - Kernel) / Stride) + 1);

    /// <summary>Weights per output channel.</summary>
    public int Taps => checked(Input.Channels * Kernel * Kernel);
}
