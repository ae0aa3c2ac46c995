namespace Orchestrator.Models;

internal sealed class AveragePoolLayer(PoolShape shape) : Layer(shape.Output)
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new AveragePoolOperation<TLanes>(shape, input, output), output, input);
    }
}
