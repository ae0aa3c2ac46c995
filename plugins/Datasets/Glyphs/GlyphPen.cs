using Orchestrator.Numerics;

namespace Orchestrator.Datasets;

/// <summary>
/// Draws one image from one random stream. It adds, multiplies, divides and takes square roots
/// only, each of which IEEE 754 defines to the last bit, so an image has the same bytes on every
/// machine.
/// </summary>
internal ref struct GlyphPen(RandomStream random, Span<double> ink)
{
    public const int Side = 28;
    private const double Centre = (Side - 1) / 2.0;

    private readonly Span<double> ink = ink; // [Side, Side], 0 .. 1

    private double xx;
    private double xy;
    private double yx;
    private double yy;
    private double left;
    private double top;
    private double reach; // half the width of a stroke plus half a pixel

    /// <summary>Draws the sign of a class, a stray stroke, and noise over everything.</summary>
    public void Draw(int label, double noise, Span<byte> image)
    {
        ink.Clear();
        Place();
        var brightness = Uniform(0.55, 1);
        foreach (var stroke in GlyphShapes.Of(label))
        {
            Trace(Map(stroke), brightness);
        }

        Stray();
        Develop(noise, image);
    }

    // A rotation by the rational parametrisation of the circle, after a shear and a scale on each
    // axis.
    private void Place()
    {
        var half = Uniform(-0.18, 0.18); // tan of half the angle: up to 20 degrees
        var (cosine, sine) = ((1 - (half * half)) / (1 + (half * half)), 2 * half / (1 + (half * half)));
        var (width, height, shear) = (Uniform(6, 10), Uniform(6, 10), Uniform(-0.2, 0.2));
        (xx, xy) = (cosine * width, ((cosine * shear) - sine) * height);
        (yx, yy) = (sine * width, ((sine * shear) + cosine) * height);
        (left, top) = (Centre + Uniform(-3.5, 3.5), Centre + Uniform(-3.5, 3.5));
        reach = Uniform(0.6, 1.4) + 0.5;
    }

    private readonly Stroke Map(Stroke stroke) => new(
        left + (xx * stroke.X0) + (xy * stroke.Y0),
        top + (yx * stroke.X0) + (yy * stroke.Y0),
        left + (xx * stroke.X1) + (xy * stroke.Y1),
        top + (yx * stroke.X1) + (yy * stroke.Y1));

    private readonly void Stray()
    {
        var (x, y) = (Uniform(0, Side), Uniform(0, Side));
        Trace(new Stroke(x, y, x + Uniform(-8, 8), y + Uniform(-8, 8)), Uniform(0.2, 0.8));
    }

    // Coverage falls from 1 to 0 over the pixel in which a stroke's edge lies; strokes that meet do
    // not add up.
    private readonly void Trace(Stroke stroke, double brightness)
    {
        var (dx, dy) = (stroke.X1 - stroke.X0, stroke.Y1 - stroke.Y0);
        var perLength = 1 / Math.Max((dx * dx) + (dy * dy), 1e-9);
        for (var y = From(stroke.Y0, stroke.Y1); y <= To(stroke.Y0, stroke.Y1); y++)
        {
            for (var x = From(stroke.X0, stroke.X1); x <= To(stroke.X0, stroke.X1); x++)
            {
                var (px, py) = (x - stroke.X0, y - stroke.Y0);
                var along = Math.Clamp(((px * dx) + (py * dy)) * perLength, 0, 1);
                var (ax, ay) = (px - (along * dx), py - (along * dy));
                var coverage = Math.Min(1, reach - Math.Sqrt((ax * ax) + (ay * ay)));
                ref var pixel = ref ink[(y * Side) + x];
                pixel = Math.Max(pixel, coverage * brightness);
            }
        }
    }

    private readonly int From(double a, double b) => (int)Math.Max(0, Math.Min(a, b) - reach);

    private readonly int To(double a, double b) => (int)Math.Min(Side - 1, Math.Max(a, b) + reach);

    // Noise of a pixel: the difference of two random bytes, a triangle of standard deviation 104.
    private readonly void Develop(double noise, Span<byte> image)
    {
        for (var i = 0; i < image.Length; i += 2)
        {
            var bits = random.NextUInt32();
            image[i] = Exposed(ink[i], noise * ((int)(bits & 255) - (int)((bits >> 8) & 255)));
            image[i + 1] = Exposed(ink[i + 1], noise * ((int)((bits >> 16) & 255) - (int)(bits >> 24)));
        }
    }

    private static byte Exposed(double ink, double noise) => (byte)Math.Clamp((ink * 255) + noise + 0.5, 0, 255);

    private readonly double Uniform(double from, double to) => from + ((to - from) * random.NextDouble());
}
