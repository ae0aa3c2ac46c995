using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Max-pooling of windows of 2x2 side by side, line by line; in place of the windows' values it
/// remembers where the first of equal maxima was.
/// </summary>
internal sealed unsafe class MaxPoolLines<TLanes> : ILineConsumer where TLanes : unmanaged, ILanes<TLanes>
{
    // In no window of four.
    private const float Nowhere = 4;

    private readonly PoolShape shape;
    private readonly Activation output;
    private readonly bool rectifiesGradient;
    private readonly nint place;
    private readonly nint line;
    private readonly nint chunkStride;
    private readonly float* positions;

    public MaxPoolLines(Workspace<TLanes> workspace, PoolShape shape, Activation output, bool rectifiesGradient)
    {
        (this.shape, this.output, this.rectifiesGradient) = (shape, output, rectifiesGradient);
        place = (nint)shape.Input.Channels * TLanes.Count;
        line = shape.Input.Width * place;
        chunkStride = output.ChunkStride;
        positions = workspace.Allocate(chunkStride * (long)workspace.Chunks);
    }

    public int Height => 2;

    public void Read(int chunk, int line, float* from)
    {
        var first = line / 2 * shape.Output.Width * place;
        var to = output.Values(chunk) + first;
        var position = positions + (chunk * chunkStride) + first;
        var (right, below, rectifies) = (place, this.line, rectifiesGradient);
        for (var x = shape.Output.Width; x > 0; x--, from += 2 * right, to += right, position += right)
        {
            for (nint i = 0; i < right; i += TLanes.Count)
            {
                var (a, c) = (TLanes.Load(from + i), TLanes.Load(from + below + i));
                var upper = TLanes.Max(a, TLanes.Load(from + right + i));
                var maximum = TLanes.Max(upper, TLanes.Max(c, TLanes.Load(from + below + right + i)));
                var inUpper = TLanes.Select(TLanes.Equal(a, maximum), TLanes.Create(0), TLanes.Create(1));
                var inLower = TLanes.Select(TLanes.Equal(c, maximum), TLanes.Create(2), TLanes.Create(3));
                var found = TLanes.Select(TLanes.Equal(upper, maximum), inUpper, inLower);

                // Where a rectified input's largest is zero, the rectifier held all of them there;
                // what is not a number has no place.
                var counts = rectifies ? TLanes.Greater(maximum, TLanes.Create(0)) : TLanes.Equal(maximum, maximum);
                TLanes.Store(to + i, maximum);
                TLanes.Store(position + i, TLanes.Select(counts, found, TLanes.Create(Nowhere)));
            }
        }
    }

    public void WriteGradient(int chunk, int line, float* to)
    {
        var first = line / 2 * shape.Output.Width * place;
        var gradient = output.Gradients(chunk) + first;
        var position = positions + (chunk * chunkStride) + first;
        var (right, below) = (place, this.line);
        for (var x = shape.Output.Width; x > 0; x--, to += 2 * right, gradient += right, position += right)
        {
            for (nint i = 0; i < right; i += TLanes.Count)
            {
                var (found, given) = (TLanes.Load(position + i), TLanes.Load(gradient + i));
                TLanes.Store(to + i, TLanes.And(TLanes.Equal(found, TLanes.Create(0)), given));
                TLanes.Store(to + right + i, TLanes.And(TLanes.Equal(found, TLanes.Create(1)), given));
                TLanes.Store(to + below + i, TLanes.And(TLanes.Equal(found, TLanes.Create(2)), given));
                TLanes.Store(to + below + right + i, TLanes.And(TLanes.Equal(found, TLanes.Create(3)), given));
            }
        }
    }
}
