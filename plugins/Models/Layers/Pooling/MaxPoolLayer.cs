namespace Orchestrator.Models;

internal sealed class MaxPoolLayer(PoolShape shape) : Layer(shape.Output)
{
    public override Activation Assemble<TLanes>(Workspace<TLanes> workspace, Activation input)
    {
        var producer = shape.CoversOnce ? workspace.SoleProducer(input) as IYieldsOutput : null;
        if (producer is not null)
        {
            input.PutGradientInPlace();
        }

        var output = workspace.CreateActivation(Output, input.HasGradient);
        var rectifies = producer?.YieldOutput() ?? false;
        var server = shape is { WindowHeight: 2, WindowWidth: 2 } && producer is IServesLines able && able.CanServe(2) ? able : null;
        workspace.Append(new MaxPoolOperation<TLanes>(shape, input, output, rectifies) { IsServed = server is not null }, output, input);
        if (server is not null)
        {
            server.Serve(new MaxPoolLines<TLanes>(workspace, shape, output, rectifies));
            workspace.UseGradient((Operation)server, output);
        }

        return output;
    }
}
