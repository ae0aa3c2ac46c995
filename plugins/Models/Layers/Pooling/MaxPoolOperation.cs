using System.Runtime.CompilerServices;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>Max-pooling; the gradient goes to the first of equal maxima, line by line.</summary>
internal sealed unsafe class MaxPoolOperation<TLanes>(PoolShape shape, Activation input, Activation output, bool rectifiesGradient) : Operation
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly nint place = (nint)shape.Input.Channels * TLanes.Count;
    private readonly nint line = (nint)shape.Input.Width * shape.Input.Channels * TLanes.Count;

    /// <summary>
    /// True: <see cref="MaxPoolLines{TLanes}"/> does all the work, when the producer of the input
    /// calls it.
    /// </summary>
    public bool IsFedByLines { get; init; }

    public override void Forward(Pass pass, int firstChunk, int endChunk)
    {
        for (var chunk = firstChunk; !IsFedByLines && chunk < endChunk; chunk++)
        {
            var from = input.Values(chunk);
            var to = output.Values(chunk);
            for (var y = 0; y < shape.Output.Height; y++)
            {
                for (var x = 0; x < shape.Output.Width; x++, to += place)
                {
                    Largest(from, shape.Window(y, x), to);
                }
            }
        }
    }

    public override void Backward(Pass pass, int firstChunk, int endChunk)
    {
        var overwrites = shape.CoversOnce && !Accumulates;
        for (var chunk = firstChunk; input.HasGradient && !IsFedByLines && chunk < endChunk; chunk++)
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
                    Spread(from, to, shape.Window(y, x), largest, gradient, overwrites);
                }
            }
        }
    }

    private nint First(PoolWindow window) => (window.Top * line) + (window.Left * place);

    // Places of a padding are never the largest: they are left out.
    private void Largest(float* image, PoolWindow part, float* to)
    {
        var window = image + First(part);
        if (part is { Height: 2, Width: 2 })
        {
            LargestOfFour(window, to);
            return;
        }

        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var largest = TLanes.Load(window + channel);
            for (var dy = 0; dy < part.Height; dy++)
            {
                for (var dx = 0; dx < part.Width; dx++)
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

    private void SpreadOverFour(float* window, float* to, float* largest, float* gradient)
    {
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var maximum = TLanes.Load(largest + channel);
            var remaining = Rectified(maximum, TLanes.Load(gradient + channel));
            remaining = Take(window + channel, to + channel, maximum, remaining);
            remaining = Take(window + place + channel, to + place + channel, maximum, remaining);
            remaining = Take(window + line + channel, to + line + channel, maximum, remaining);
            Take(window + line + place + channel, to + line + place + channel, maximum, remaining);
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

    private void Spread(float* image, float* gradients, PoolWindow part, float* largest, float* gradient, bool overwrites)
    {
        var window = image + First(part);
        var to = gradients + First(part);
        if (overwrites && part is { Height: 2, Width: 2 })
        {
            SpreadOverFour(window, to, largest, gradient);
            return;
        }

        var zero = TLanes.Create(0);
        for (nint channel = 0; channel < place; channel += TLanes.Count)
        {
            var maximum = TLanes.Load(largest + channel);
            var remaining = Rectified(maximum, TLanes.Load(gradient + channel));
            for (var dy = 0; dy < part.Height; dy++)
            {
                for (var dx = 0; dx < part.Width; dx++)
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
