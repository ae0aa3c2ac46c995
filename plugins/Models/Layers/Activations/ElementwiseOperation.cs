namespace Orchestrator.Models;

/// <summary>A function of one value, and its derivative as a function of its result.</summary>
internal interface IElementFunction<TLanes>
{
    static abstract TLanes Value(TLanes x);

    /// <summary>The gradient to x, from the result y and the gradient to y.</summary>
    static abstract TLanes Gradient(TLanes y, TLanes gradient);
}

internal readonly struct Relu<TLanes> : IElementFunction<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    public static TLanes Value(TLanes x) => TLanes.Max(TLanes.Create(0), x);

    public static TLanes Gradient(TLanes y, TLanes gradient) => TLanes.And(TLanes.Greater(y, TLanes.Create(0)), gradient);
}

internal readonly struct Tanh<TLanes> : IElementFunction<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    public static TLanes Value(TLanes x) => LaneMath<TLanes>.Tanh(x);

    public static TLanes Gradient(TLanes y, TLanes gradient) => gradient * (TLanes.Create(1) - (y * y));
}

/// <summary>Applies a function to every value.</summary>
internal sealed unsafe class ElementwiseOperation<TLanes, TFunction>(Activation input, Activation output) : Operation
    where TLanes : unmanaged, ILanes<TLanes>
    where TFunction : struct, IElementFunction<TLanes>
{
    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var from = input.Values(chunk);
            var to = output.Values(chunk);
            for (nint i = 0; i < (nint)input.Volume.Length * TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(to + i, TFunction.Value(TLanes.Load(from + i)));
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            var values = output.Values(chunk);
            var from = output.Gradients(chunk);
            var to = input.Gradients(chunk);
            for (nint i = 0; i < (nint)input.Volume.Length * TLanes.Count; i += TLanes.Count)
            {
                var gradient = TFunction.Gradient(TLanes.Load(values + i), TLanes.Load(from + i));
                TLanes.Store(to + i, Accumulates ? TLanes.Load(to + i) + gradient : gradient);
            }
        }
    }
}
