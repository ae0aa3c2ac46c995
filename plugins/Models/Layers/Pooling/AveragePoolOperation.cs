using Orchestrator.Networks;

namespace Orchestrator.Models;

internal sealed unsafe class AveragePoolOperation<TLanes>(PoolShape shape, Activation input, Activation output) : Operation
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
                    Average(from, shape.Window(y, x), to);
                }
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        var overwrites = shape.CoversOnce && !Accumulates;
        for (var chunk = firstChunk; input.HasGradient && chunk < endChunk; chunk++)
        {
            var to = input.Gradients(chunk);
            var gradient = output.Gradients(chunk);
            if (!overwrites && !Accumulates)
            {
                new Span<float>(to, shape.Input.Length * TLanes.Count).Clear();
            }

            for (var y = 0; y < shape.Output.Height; y++)
            {
                for (var x = 0; x < shape.Output.Width; x++, gradient += place)
                {
                    Spread(gradient, to, shape.Window(y, x), overwrites);
                }
            }
        }
    }

    private float* First(float* image, PoolWindow window) => image + (window.Top * line) + (window.Left * place);

    // Places of a padding are zeros that count.
    private void Average(float* image, PoolWindow window, float* to)
    {
        var first = First(image, window);
        var scale = TLanes.Create(1f / (shape.WindowHeight * shape.WindowWidth));
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var sum = TLanes.Create(0);
            for (var dy = 0; dy < window.Height; dy++)
            {
                for (var dx = 0; dx < window.Width; dx++)
                {
                    sum += TLanes.Load(first + (dy * line) + (dx * place) + channel);
                }
            }

            TLanes.Store(to + channel, sum * scale);
        }
    }

    private void Spread(float* gradient, float* image, PoolWindow window, bool overwrites)
    {
        var to = First(image, window);
        var scale = TLanes.Create(1f / (shape.WindowHeight * shape.WindowWidth));
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var share = TLanes.Load(gradient + channel) * scale;
            for (var dy = 0; dy < window.Height; dy++)
            {
                for (var dx = 0; dx < window.Width; dx++)
                {
                    var offset = (dy * line) + (dx * place) + channel;
                    TLanes.Store(to + offset, overwrites ? share : TLanes.Load(to + offset) + share);
                }
            }
        }
    }
}
