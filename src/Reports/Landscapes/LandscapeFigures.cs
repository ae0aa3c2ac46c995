using System.Globalization;
using System.Text;
using Orchestrator.Composition;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// A landscape: seen from above with lines of equal loss, and as a surface from one side.
/// </summary>
internal sealed class LandscapeFigures
{
    private const double Left = 70;
    private const double Top = 24;
    private const double Side = 420;
    private const int Levels = 12;
    private const int LongestLine = 27;

    // Of a tick's number.
    private const double TooLong = 1e5;

    private readonly Landscape landscape;
    private readonly LandscapeScale scale;
    private readonly Drawing svg = new();

    private LandscapeFigures(Landscape landscape) => (this.landscape, scale) = (landscape, new LandscapeScale(landscape));

    private double[] X => landscape.X;

    private double[] Y => landscape.Y;

    /// <summary>Seen from above.</summary>
    public static Html Contour(Landscape landscape)
    {
        var figure = new LandscapeFigures(landscape);
        figure.Ground();
        figure.Lines();
        figure.Ways();
        figure.Axes();
        figure.Legend(Left + Side + 22, Top + 10, Top + Side - 160);
        return figure.Whole(Left + Side + 220, Top + Side + 60, "Test loss in the plane, seen from above");
    }

    /// <summary>From one side.</summary>
    public static Html Surface(Landscape landscape)
    {
        var figure = new LandscapeFigures(landscape);
        figure.Relief();
        return figure.Whole(640, 470 + figure.Legend(26, 470, double.PositiveInfinity), "Test loss over the plane, as a surface");
    }

    private Html Whole(double width, double height, string title) => svg.Whole(width, height, title, LandscapePage.Caption(landscape));

    private double AtX(double x) => Left + ((x - X[0]) / (X[^1] - X[0]) * Side);

    private double AtY(double y) => Top + Side - ((y - Y[0]) / (Y[^1] - Y[0]) * Side);

    // A cell around each place; those of the rim are half.
    private void Ground()
    {
        var (wide, high) = (Side / (X.Length - 1), Side / (Y.Length - 1));
        for (var row = 0; row < Y.Length; row++)
        {
            for (var column = 0; column < X.Length; column++)
            {
                var (x0, x1) = (Math.Max(Left, AtX(X[column]) - (wide / 2)), Math.Min(Left + Side, AtX(X[column]) + (wide / 2)));
                var (y0, y1) = (Math.Max(Top, AtY(Y[row]) - (high / 2)), Math.Min(Top + Side, AtY(Y[row]) + (high / 2)));
                svg.Cell(x0, y0, x1 - x0 + 0.3, y1 - y0 + 0.3, LandscapeScale.Colour(scale.Heights[(row * X.Length) + column]));
            }
        }
    }

    // Marching squares: in each cell of four places a level crosses two edges, or four.
    private void Lines()
    {
        for (var level = 1; level < Levels; level++)
        {
            var (height, path) = ((double)level / Levels, new StringBuilder());
            for (var row = 0; row + 1 < Y.Length; row++)
            {
                for (var column = 0; column + 1 < X.Length; column++)
                {
                    Cross(row, column, height, path);
                }
            }

            svg.Marks.Add($"<path d='{path.ToString()}' fill='none' stroke='#ffffff' stroke-opacity='0.55' stroke-width='0.9'/>\n");
        }
    }

    private void Cross(int row, int column, double level, StringBuilder path)
    {
        (int Row, int Column)[] corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)];
        var crossings = new List<(double X, double Y)>();
        for (var i = 0; i < corners.Length; i++)
        {
            var (one, other) = (corners[i], corners[(i + 1) % corners.Length]);
            var (a, b) = (scale.Heights[(one.Row * X.Length) + one.Column], scale.Heights[(other.Row * X.Length) + other.Column]);
            if (a < level != b < level)
            {
                var share = (level - a) / (b - a);
                crossings.Add((AtX(X[one.Column] + (share * (X[other.Column] - X[one.Column]))), AtY(Y[one.Row] + (share * (Y[other.Row] - Y[one.Row])))));
            }
        }

        for (var i = 0; i + 1 < crossings.Count; i += 2)
        {
            path.Append($"M{Drawing.Number(crossings[i].X)} {Drawing.Number(crossings[i].Y)}L{Drawing.Number(crossings[i + 1].X)} {Drawing.Number(crossings[i + 1].Y)}");
        }
    }

    private void Ways()
    {
        foreach (var (i, way) in landscape.Trajectories.Index())
        {
            var (colour, points) = (LandscapePage.ColourOf(i), string.Join(' ', way.Points.Select(point => $"{Drawing.Number(AtX(point.X))},{Drawing.Number(AtY(point.Y))}")));
            Way(points, colour);
            foreach (var (n, point) in way.Points.Index())
            {
                var isLast = n == way.Points.Count - 1;
                svg.Rimmed(AtX(point.X), AtY(point.Y), isLast ? 6 : 2.4, colour);
            }

            Number(AtX(way.Points[^1].X), AtY(way.Points[^1].Y), i);
        }
    }

    // What tells each run from the others, a line for each setting; those that have no room are
    // counted. Where it ends, px.
    private double Legend(double x, double top, double bottom)
    {
        var y = top;
        foreach (var (i, way) in landscape.Trajectories.Index())
        {
            string[] lines = way.Settings.Count == 0 ? [way.Run] : [.. way.Settings.Select(LandscapeTrajectory.Text)];
            if (y + (lines.Length * 14) > bottom)
            {
                svg.Text(x - 6, y + 4, string.Create(CultureInfo.InvariantCulture, $"and {landscape.Trajectories.Count - i} more"), "start", letters: 11);
                break;
            }

            svg.Rimmed(x, y, 6, LandscapePage.ColourOf(i));
            Number(x, y, i);
            foreach (var line in lines)
            {
                svg.Text(x + 12, y + 4, Printable.Line(line) is { Length: > LongestLine } whole ? whole[..12] + "..." + whole[^12..] : line, "start", letters: 11);
                y += 14;
            }

            y += 6;
        }

        return y - top;
    }

    private void Axes()
    {
        var (across, up) = (Ticks.Of(X[0], X[^1]), Ticks.Of(Y[0], Y[^1]));
        foreach (var tick in across.Where(tick => tick >= X[0] && tick <= X[^1]))
        {
            svg.Text(AtX(tick), Top + Side + 18, Ticks.Label(tick, across, TooLong), "middle");
        }

        foreach (var tick in up.Where(tick => tick >= Y[0] && tick <= Y[^1]))
        {
            svg.Text(Left - 8, AtY(tick) + 4, Ticks.Label(tick, up, TooLong), "end");
        }

        var (first, second) = LandscapePage.AxisNames(landscape);
        svg.Text(Left + (Side / 2), Top + Side + 40, first, "middle");
        svg.Upwards(18, Top + (Side / 2), second);

        // What the colours mean, below the legend.
        var foot = Top + Side - 130;
        svg.Text(Left + Side + 16, foot - 12, "test loss", "start", letters: 11);
        for (var i = 0; i < 12; i++)
        {
            svg.Cell(Left + Side + 16, foot + (i * 10), 14, 10.3, LandscapeScale.Colour(1 - (i / 11.0)));
        }

        foreach (var (share, y) in ((double, double)[])[(1, 8), (0.5, 64), (0, 120)])
        {
            svg.Text(Left + Side + 36, foot + y, Math.Pow(10, scale.Low + (share * (scale.High - scale.Low))).ToString("G3", CultureInfo.InvariantCulture), "start", letters: 11);
        }
    }

    // The far cells first, so that near ones hide them.
    private void Relief()
    {
        for (var row = Y.Length - 2; row >= 0; row--)
        {
            for (var column = 0; column + 1 < X.Length; column++)
            {
                (int Row, int Column)[] corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)];
                var mean = corners.Average(corner => scale.Heights[(corner.Row * X.Length) + corner.Column]);
                var points = corners.Select(corner => Project(X[corner.Column], Y[corner.Row], scale.Heights[(corner.Row * X.Length) + corner.Column]));
                svg.Marks.Add($"<polygon points='{string.Join(' ', points)}' fill='{LandscapeScale.Colour(mean)}' stroke='{Drawing.Ink}' stroke-opacity='0.25' stroke-width='0.4'/>\n");
            }
        }

        foreach (var (i, way) in landscape.Trajectories.Index())
        {
            var points = string.Join(' ', way.Points.Select(point => Project(point.X, point.Y, scale.Height(point.Loss) + 0.02)));
            Way(points, LandscapePage.ColourOf(i));
            if (LandscapePage.NumberOf(landscape, i).Length > 0)
            {
                var (x, y) = Place(way.Points[^1].X, way.Points[^1].Y, scale.Height(way.Points[^1].Loss) + 0.02);
                svg.Rimmed(x, y, 6, LandscapePage.ColourOf(i));
                Number(x, y, i);
            }
        }
    }

    // From the front left and above, without perspective.
    private string Project(double x, double y, double height)
    {
        var (left, top) = Place(x, y, height);
        return $"{Drawing.Number(left)},{Drawing.Number(top)}";
    }

    private (double X, double Y) Place(double x, double y, double height)
    {
        var (u, v) = (((x - X[0]) / (X[^1] - X[0])) - 0.5, ((y - Y[0]) / (Y[^1] - Y[0])) - 0.5);
        var (side, depth) = ((u * 0.9) - (v * 0.44), (u * 0.44) + (v * 0.9));
        return (320 + (side * 430), 300 - (depth * 190) - (height * 170) + 60);
    }

    // Within the circle of its last place.
    private void Number(double x, double y, int way)
    {
        if (LandscapePage.NumberOf(landscape, way) is { Length: > 0 } number)
        {
            svg.Text(x, y + 3, number, "middle", letters: 8);
        }
    }

    // On a dark rim, for it crosses light and dark.
    private void Way(string points, string colour)
    {
        svg.Marks.Add($"<polyline points='{points}' fill='none' stroke='{Drawing.Ink}' stroke-width='4' stroke-linejoin='round'/>\n");
        svg.Marks.Add($"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2' stroke-linejoin='round'/>\n");
    }
}
