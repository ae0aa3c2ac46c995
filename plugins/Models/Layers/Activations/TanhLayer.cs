namespace Orchestrator.Models;

internal sealed class TanhLayer(Volume input) : Layer(input)
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new ElementwiseOperation<TLanes, Tanh<TLanes>>(input, output), output, input);
    }
}
