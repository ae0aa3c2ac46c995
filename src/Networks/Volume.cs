namespace Orchestrator.Networks;

/// <summary>
/// The shape of one sample between two layers; features are channels at a single place.
/// </summary>
/// <param name="Channels">Channels, or features.</param>
/// <param name="Height">Lines of an image; 1 for features.</param>
/// <param name="Width">Places per line; 1 for features.</param>
public readonly record struct Volume(int Channels, int Height, int Width)
{
    /// <summary>Height times width.</summary>
    public int Places => Height * Width;

    /// <summary>Values of one sample.</summary>
    /// <exception cref="OverflowException">More than an <see cref="int"/> counts.</exception>
    public int Length => checked(Channels * Height * Width);

    /// <summary>True of features, and of images of one place.</summary>
    public bool IsFlat => Places == 1;

    /// <summary><c>[features]</c> or <c>[channels, height, width]</c>.</summary>
    public override string ToString() => IsFlat ? $"[{Channels}]" : $"[{Channels}, {Height}, {Width}]";

    /// <summary>
    /// The shape of a dataset's samples: <c>[features]</c> or <c>[channels, height, width]</c>.
    /// </summary>
    /// <exception cref="Abstractions.OptionException">The samples have neither of the two
    /// shapes.</exception>
    public static Volume Of(Abstractions.DatasetShape data) => data.Input switch
    {
        [var features] => new Volume(features, 1, 1),
        [var channels, var height, var width] => new Volume(channels, height, width),
        _ => throw new Abstractions.OptionException(
            "", $"samples of shape [{string.Join(", ", data.Input)}] are neither [features] nor [channels, height, width]."),
    };
}
