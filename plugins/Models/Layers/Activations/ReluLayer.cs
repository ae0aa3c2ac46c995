namespace Orchestrator.Models;

/// <summary>A rectifier; done by the operation before it where that can.</summary>
internal sealed class ReluLayer(Volume input) : Layer(input)
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        if (workspace.SoleProducer(input) is IRectifies producer)
        {
            producer.Rectify = true;
            return input;
        }

        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new ElementwiseOperation<TLanes, Relu<TLanes>>(input, output), output, input);
    }
}
