namespace Orchestrator.Models;

/// <summary>
/// The sum of two activations. It is the last reader of both, so it overwrites their gradients.
/// </summary>
internal sealed unsafe class AddOperation<TLanes>(Activation first, Activation second, Activation output) : Operation, IFusesRelu
    where TLanes : unmanaged, ILanes<TLanes>
{
    public bool Rectify { get; set; }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        var zero = TLanes.Create(0);
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var a = first.Values(chunk);
            var b = second.Values(chunk);
            var to = output.Values(chunk);
            for (nint i = 0; i < (nint)output.Volume.Length * TLanes.Count; i += TLanes.Count)
            {
                var sum = TLanes.Load(a + i) + TLanes.Load(b + i);
                TLanes.Store(to + i, Rectify ? TLanes.Max(zero, sum) : sum);
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; output.HasGradient && chunk < endChunk; chunk++)
        {
            var gradients = output.Gradients(chunk);
            if (Rectify)
            {
                Elementwise<TLanes>.MaskWhereNotPositive(output.Values(chunk), gradients, output.Volume.Length);
            }

            foreach (var gradient in (ReadOnlySpan<nint>)[(nint)first.Gradients(chunk), (nint)second.Gradients(chunk)])
            {
                if (gradient != 0)
                {
                    Elementwise<TLanes>.Copy(gradients, (float*)gradient, output.Volume.Length);
                }
            }
        }
    }
}
