using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// Neighbouring taps of one kernel line that multiply the same rectangle of output places.
/// </summary>
internal readonly record struct TapSegment(int KernelLine, int KernelPlace, int KernelPlaces, Piece Lines, Piece Places)
{
    public static TapSegment[] Plan(ConvolutionShape shape)
    {
        var segments = new List<TapSegment>();
        for (var line = 0; line < shape.Kernel; line++)
        {
            var lines = Seen(line, shape.Input.Height, shape.Output.Height, shape);
            for (var place = 0; place < shape.Kernel; place++)
            {
                var places = Seen(place, shape.Input.Width, shape.Output.Width, shape);
                if (segments.Count > 0 && segments[^1] is var last && last.KernelLine == line && last.Places == places)
                {
                    segments[^1] = last with { KernelPlaces = last.KernelPlaces + 1 };
                }
                else
                {
                    segments.Add(new TapSegment(line, place, 1, lines, places));
                }
            }
        }

        return [.. segments];
    }

    /// <summary>Output positions whose tap falls inside the input.</summary>
    public static Piece Seen(int tap, int input, int output, ConvolutionShape shape)
    {
        var first = Math.Max(0, (shape.Padding - tap + shape.Stride - 1) / shape.Stride);
        var reach = input - 1 + shape.Padding - tap;
        var end = reach < 0 ? first : Math.Min(output, (reach / shape.Stride) + 1);
        return new Piece(first, Math.Max(0, end - first));
    }
}
