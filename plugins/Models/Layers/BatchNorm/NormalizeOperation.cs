namespace Orchestrator.Models;

/// <summary>
/// The second half of batch-norm: y = Scale · (x - Mean) + Shift, with the rectifier that follows it where there is one. Backward it sums what the
/// first half needs.
/// </summary>
internal sealed unsafe class NormalizeOperation<TLanes>(BatchStatistics<TLanes> statistics, Activation input, Activation output) : Operation, IRectifies
    where TLanes : unmanaged, ILanes<TLanes>
{
    public bool Rectify { get; set; }

    public override bool StartsStretch => true;

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        if (firstChunk == 0)
        {
            statistics.Finish(pass);
        }

        var zero = TLanes.Create(0);
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var from = input.Values(chunk);
            var to = output.Values(chunk);
            var shift = statistics.Shift(pass);
            for (var place = input.Volume.Places; place > 0; place--)
            {
                for (var channel = 0; channel < input.Volume.Channels; channel++, from += TLanes.Count, to += TLanes.Count)
                {
                    var centred = TLanes.Load(from) - TLanes.Broadcast(statistics.Mean + channel);
                    var y = TLanes.FusedMultiplyAdd(centred, TLanes.Broadcast(statistics.Scale + channel), TLanes.Broadcast(shift + channel));
                    TLanes.Store(to, Rectify ? TLanes.Max(zero, y) : y);
                }
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var gradients = output.Gradients(chunk);
            if (Rectify)
            {
                Elementwise<TLanes>.MaskWhereNotPositive(output.Values(chunk), gradients, output.Volume.Length);
            }

            statistics.AddGradients(pass, chunk, gradients);
        }
    }
}
