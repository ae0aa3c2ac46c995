namespace Orchestrator.Networks;

/// <summary>The input's channels, then channels of zeros.</summary>
/// <param name="Input">The shape of what it takes.</param>
/// <param name="Channels">Channels that it gives; at least as many as it takes.</param>
public sealed record PadChannelsLayer(Volume Input, int Channels) : Layer(Input, Input with { Channels = Channels })
{
    internal static PadChannelsLayer Create(PadChannelsOptions options, Volume input, LayerScope scope) =>
        options.Channels < input.Channels
            ? throw scope.Misfit("channels", $"pad-channels to {options.Channels} does not fit an input of {input}, which has more.")
            : new PadChannelsLayer(input, options.Channels);
}
