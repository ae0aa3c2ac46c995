namespace Orchestrator.Datasets;

/// <summary>A straight stroke between two points of the plane.</summary>
internal readonly record struct Stroke(double X0, double Y0, double X1, double Y1);

/// <summary>The ten signs, as polylines in the square from -1 to 1 (y points down).</summary>
internal static class GlyphShapes
{
    // Height of an equilateral triangle of side 1: the corners of a regular polygon of twelve.
    private const double Tall = 0.8660254037844386;

    public static readonly IReadOnlyList<string> Names = ["vee", "plus", "cross", "tee", "corner", "zigzag", "hourglass", "triangle", "square", "ring"];

    private static readonly (double X, double Y)[][][] Shapes =
    [
        [[(-0.9, -0.8), (0, 0.8), (0.9, -0.8)]],
        [[(-0.9, 0), (0.9, 0)], [(0, -0.9), (0, 0.9)]],
        [[(-0.8, -0.8), (0.8, 0.8)], [(-0.8, 0.8), (0.8, -0.8)]],
        [[(-0.9, -0.8), (0.9, -0.8)], [(0, -0.8), (0, 0.9)]],
        [[(-0.7, -0.9), (-0.7, 0.8), (0.8, 0.8)]],
        [[(-0.8, -0.8), (0.8, -0.8), (-0.8, 0.8), (0.8, 0.8)]],
        [[(-0.8, -0.8), (0.8, -0.8), (-0.8, 0.8), (0.8, 0.8), (-0.8, -0.8)]],
        [[(0, -0.9), (0.9, 0.7), (-0.9, 0.7), (0, -0.9)]],
        [[(-0.75, -0.75), (0.75, -0.75), (0.75, 0.75), (-0.75, 0.75), (-0.75, -0.75)]],
        [
            [
                (0.9, 0), (0.9 * Tall, 0.45), (0.45, 0.9 * Tall), (0, 0.9), (-0.45, 0.9 * Tall), (-0.9 * Tall, 0.45), (-0.9, 0),
                (-0.9 * Tall, -0.45), (-0.45, -0.9 * Tall), (0, -0.9), (0.45, -0.9 * Tall), (0.9 * Tall, -0.45), (0.9, 0),
            ],
        ],
    ];

    private static readonly Stroke[][] Strokes = [.. Shapes.Select(lines => lines.SelectMany(ToStrokes).ToArray())];

    public static ReadOnlySpan<Stroke> Of(int label) => Strokes[label];

    private static IEnumerable<Stroke> ToStrokes((double X, double Y)[] line) =>
        line.Zip(line.Skip(1), (from, to) => new Stroke(from.X, from.Y, to.X, to.Y));
}
