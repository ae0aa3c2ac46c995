namespace Orchestrator.Models;

internal sealed class MaxPoolLayer(PoolShape shape) : Layer(shape.Output)
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new MaxPoolOperation<TLanes>(shape, input, output), output, input);
    }
}
