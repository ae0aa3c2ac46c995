using Orchestrator.Statistics.Planes;

namespace Orchestrator.Statistics.Tests;

public sealed class PrincipalPlaneTests
{
    [Fact]
    public void APlane_IsTheOneThatPointsWereMadeIn()
    {
        // Two orthogonal directions of six, and a little beside them.
        float[][] points = [.. Enumerable.Range(0, 9).Select(n => (float[])[3f * (n % 3), n / 3, 5, 5, 0.001f * (n % 2), 0])];
        var plane = PrincipalPlane.Of(points)!;

        Assert.Equal(1, Math.Abs(plane.First[0]), 1e-5);
        Assert.Equal(1, Math.Abs(plane.Second[1]), 1e-5);
        Assert.Equal(0.9, plane.Explained.First, 1e-5);
        Assert.Equal(0.1, plane.Explained.Second, 1e-5);
        Assert.All(points.Zip(plane.Coordinates), pair =>
        {
            var (point, (x, y)) = pair;
            Assert.Equal(point[0], plane.Mean[0] + (x * plane.First[0]) + (y * plane.Second[0]), 1e-4);
            Assert.Equal(point[1], plane.Mean[1] + (x * plane.First[1]) + (y * plane.Second[1]), 1e-4);
        });
        Assert.True(plane.Coordinates[^1] is { X: >= 0, Y: >= 0 });
    }

    [Fact]
    public void PointsOnALine_SpanNone() => Assert.Null(PrincipalPlane.Of([[0, 0, 1], [1, 2, 1], [2, 4, 1], [3, 6, 1]]));
}
