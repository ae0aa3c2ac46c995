namespace Orchestrator.Models;

/// <summary>
/// The first half of batch-norm: forward, the statistics of the batch; backward, the gradient to
/// the input once those of all outputs are known.
/// </summary>
internal sealed unsafe class BatchStatisticsOperation<TLanes>(BatchStatistics<TLanes> statistics, Activation input, Activation output) : Operation
    where TLanes : unmanaged, ILanes<TLanes>
{
    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; pass.Training && chunk < endChunk; chunk++)
        {
            statistics.AddValues(pass, chunk);
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        if (firstChunk == 0)
        {
            statistics.FinishGradients(pass);
        }

        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            GradientToInput(chunk);
            BlankLanesWithoutSample(pass, chunk);
        }
    }

    private void GradientToInput(int chunk)
    {
        var values = input.Values(chunk);
        var from = output.Gradients(chunk);
        var to = input.Gradients(chunk);
        for (var place = input.Volume.Places; place > 0; place--)
        {
            for (var channel = 0; channel < input.Volume.Channels; channel++)
            {
                var centred = TLanes.Load(values) - TLanes.Broadcast(statistics.Mean + channel);
                var gradient = TLanes.FusedMultiplyAdd(centred, TLanes.Broadcast(statistics.Slope + channel), TLanes.Broadcast(statistics.Constant + channel));
                gradient = TLanes.FusedMultiplyAdd(TLanes.Load(from), TLanes.Broadcast(statistics.Scale + channel), gradient);
                TLanes.Store(to, Accumulates ? TLanes.Load(to) + gradient : gradient);
                values += TLanes.Count;
                from += TLanes.Count;
                to += TLanes.Count;
            }
        }
    }

    // The means over the batch would otherwise reach lanes that are not part of it, and from there
    // the weights.
    private void BlankLanesWithoutSample(Pass pass, int chunk)
    {
        for (var lane = pass.Samples - (chunk * TLanes.Count); lane < TLanes.Count; lane++)
        {
            var gradients = input.Gradients(chunk) + lane;
            for (nint i = 0; i < input.Volume.Length; i++)
            {
                gradients[i * TLanes.Count] = 0;
            }
        }
    }
}
