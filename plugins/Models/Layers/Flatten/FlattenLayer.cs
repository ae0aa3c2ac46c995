namespace Orchestrator.Models;

/// <summary>Channel-major order, as in the reference implementations.</summary>
internal sealed class FlattenLayer(Volume input) : Layer(new Volume(input.Length, 1, 1))
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        if (input.Volume.IsFlat || input.Volume.Channels == 1)
        {
            return input.Reshape(Output);
        }

        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new FlattenOperation<TLanes>(input, output), output, input);
    }
}
