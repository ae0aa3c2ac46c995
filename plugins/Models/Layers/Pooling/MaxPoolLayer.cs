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
        var pool = new MaxPoolOperation<TLanes>(shape, input, output, rectifiesGradient: producer?.YieldOutput() ?? false);
        workspace.Append(pool, output, input);
        if (producer is Operation taker && producer.TryTakeLines(pool))
        {
            pool.WaitsForProducer = true;
            workspace.UseGradient(taker, output);
        }

        return output;
    }
}
