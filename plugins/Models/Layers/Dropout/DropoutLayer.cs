namespace Orchestrator.Models;

internal sealed class DropoutLayer(DropoutOptions options, Volume input) : Layer(input)
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        if (options.Rate == 0)
        {
            return input;
        }

        var output = workspace.CreateActivation(Output, input.HasGradient);
        return workspace.Append(new DropoutOperation<TLanes>(workspace, options.Rate, input, output), output, input);
    }
}
