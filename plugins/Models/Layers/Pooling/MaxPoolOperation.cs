using System.Runtime.CompilerServices;

namespace Orchestrator.Models;

/// <summary>Max-pooling; the gradient goes to the first of equal maxima, line by line.</summary>
internal sealed unsafe class MaxPoolOperation<TLanes>(PoolShape shape, Activation input, Activation output, bool rectifiesGradient) : Operation, IGradientLines
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

    /// <summary>The producer of the input asks for its gradient itself.</summary>
    public bool WaitsForProducer { get; set; }

    public int Height => shape.WindowHeight;

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; input.HasGradient && !WaitsForProducer && chunk < endChunk; chunk++)
        {
            if (!Overwrites && !Accumulates)
            {
                new Span<float>(input.Gradients(chunk), shape.Input.Length * TLanes.Count).Clear();
            }

            for (var y = 0; y < shape.Output.Height; y++)
            {
                SpreadLine(chunk, y);
            }
        }
    }

    public void Bring(int chunk, int line) => SpreadLine(chunk, line / shape.WindowHeight);

    private void SpreadLine(int chunk, int y)
    {
        nint first = y * shape.Output.Width * place;
        var largest = output.Values(chunk) + first;
        var gradient = output.Gradients(chunk) + first;
        var from = input.Values(chunk) + Window(y, 0);
        var to = input.Gradients(chunk) + Window(y, 0);
        if (Overwrites && shape is { WindowHeight: 2, WindowWidth: 2 })
        {
            SpreadOverFours(from, to, largest, gradient);
            return;
        }

        for (var x = 0; x < shape.Output.Width; x++, largest += place, gradient += place)
        {
            Spread(from + Window(0, x), to + Window(0, x), largest, gradient, Overwrites);
        }
    }

    private bool Overwrites => shape.CoversOnce && !Accumulates;

    private nint Window(int y, int x) => (y * shape.Stride * line) + (x * shape.Stride * place);

    private void Largest(float* window, float* to)
    {
        if (shape is { WindowHeight: 2, WindowWidth: 2 })
        {
            LargestOfFour(window, to);
            return;
        }

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

    private void LargestOfFour(float* window, float* to)
    {
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var upper = TLanes.Max(TLanes.Load(window + channel), TLanes.Load(window + place + channel));
            var lower = TLanes.Max(TLanes.Load(window + line + channel), TLanes.Load(window + line + place + channel));
            TLanes.Store(to + channel, TLanes.Max(upper, lower));
        }
    }

    // A line of windows side by side.
    private void SpreadOverFours(float* window, float* to, float* largest, float* gradient)
    {
        var (right, below) = (place, line);
        for (var count = shape.Output.Width; count > 0; count--)
        {
            for (nint channel = 0; channel < right; channel += TLanes.Count)
            {
                var maximum = TLanes.Load(largest + channel);
                var remaining = Rectified(maximum, TLanes.Load(gradient + channel));
                remaining = Take(window + channel, to + channel, maximum, remaining);
                remaining = Take(window + right + channel, to + right + channel, maximum, remaining);
                remaining = Take(window + below + channel, to + below + channel, maximum, remaining);
                Take(window + below + right + channel, to + below + right + channel, maximum, remaining);
            }

            largest += right;
            gradient += right;
            window += 2 * right;
            to += 2 * right;
        }
    }

    // Where a rectified input's largest is zero, the rectifier held all of them there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Rectified(TLanes maximum, TLanes gradient) =>
        rectifiesGradient ? TLanes.And(TLanes.Greater(maximum, TLanes.Create(0)), gradient) : gradient;

    // Writes what a place takes and returns what is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Take(float* from, float* to, TLanes maximum, TLanes remaining)
    {
        var isMaximum = TLanes.Equal(TLanes.Load(from), maximum);
        TLanes.Store(to, TLanes.And(isMaximum, remaining));
        return TLanes.Select(isMaximum, TLanes.Create(0), remaining);
    }

    private void Spread(float* window, float* to, float* largest, float* gradient, bool overwrites)
    {
        var zero = TLanes.Create(0);
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var maximum = TLanes.Load(largest + channel);
            var remaining = Rectified(maximum, TLanes.Load(gradient + channel));
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
