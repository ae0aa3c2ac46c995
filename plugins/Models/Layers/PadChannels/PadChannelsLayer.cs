namespace Orchestrator.Models;

internal sealed class PadChannelsLayer : Layer
{
    private PadChannelsLayer(Volume output)
        : base(output)
    {
    }

    public static PadChannelsLayer Create(PadChannelsOptions options, Volume input, LayerScope scope) =>
        options.Channels < input.Channels
            ? throw scope.Misfit("channels", $"pad-channels to {options.Channels} does not fit an input of {input}, which has more.")
            : new PadChannelsLayer(input with { Channels = options.Channels });

    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new PadChannelsOperation<TLanes>(input, output), output, input);
    }
}
