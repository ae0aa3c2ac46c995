namespace Orchestrator.Models;

/// <summary>Max-pooling; the gradient goes to the first of equal maxima, line by line.</summary>
internal sealed unsafe class MaxPoolOperation<TLanes>(PoolShape shape, Activation input, Activation output) : Operation
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly nint place = (nint)shape.Input.Channels * TLanes.Count;
    private readonly nint line = (nint)shape.Input.Width * shape.Input.Channels * TLanes.Count;

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; chunk < endChunk; chunk++)
        {
            var from = input.Values(chunk);
            var to = output.Values(chunk);
            for (var y = 0; y < shape.Output.Height; y++)
            {
                for (var x = 0; x < shape.Output.Width; x++, to += place)
                {
                    Largest(from + Window(y, x), to);
                }
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        var overwrites = shape.CoversOnce && !Accumulates;
        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            var from = input.Values(chunk);
            var to = input.Gradients(chunk);
            var largest = output.Values(chunk);
            var gradient = output.Gradients(chunk);
            if (!overwrites && !Accumulates)
            {
                new Span<float>(to, shape.Input.Length * TLanes.Count).Clear();
            }

            for (var y = 0; y < shape.Output.Height; y++)
            {
                for (var x = 0; x < shape.Output.Width; x++, largest += place, gradient += place)
                {
                    Spread(from + Window(y, x), to + Window(y, x), largest, gradient, overwrites);
                }
            }
        }
    }

    private nint Window(int y, int x) => (y * shape.Stride * line) + (x * shape.Stride * place);

    private void Largest(float* window, float* to)
    {
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var largest = TLanes.Load(window + channel);
            for (var dy = 0; dy < shape.WindowHeight; dy++)
            {
                for (var dx = 0; dx < shape.WindowWidth; dx++)
                {
                    largest = TLanes.Max(largest, TLanes.Load(window + (dy * line) + (dx * place) + channel));
                }
            }

            TLanes.Store(to + channel, largest);
        }
    }

    private void Spread(float* window, float* to, float* largest, float* gradient, bool overwrites)
    {
        var zero = TLanes.Create(0);
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var (maximum, remaining) = (TLanes.Load(largest + channel), TLanes.Load(gradient + channel));
            for (var dy = 0; dy < shape.WindowHeight; dy++)
            {
                for (var dx = 0; dx < shape.WindowWidth; dx++)
                {
                    var offset = (dy * line) + (dx * place) + channel;
                    var isMaximum = TLanes.Equal(TLanes.Load(window + offset), maximum);
                    var taken = TLanes.Select(isMaximum, remaining, zero);
                    remaining = TLanes.Select(isMaximum, zero, remaining);
                    TLanes.Store(to + offset, overwrites ? taken : TLanes.Load(to + offset) + taken);
                }
            }
        }
    }
}
