using System.Numerics;
using System.Runtime.CompilerServices;
using Orchestrator.Numerics;

namespace Orchestrator.Numerics.Tests;

public sealed class FusedPassTests
{
    [Fact]
    public void Run_AtEveryLengthAndTile_GivesTheBitsOfAScalarLoop()
    {
        for (var length = 0; length < 70; length++)
        {
            var (a, b, c, x, y, z) = (Random(length, 1), Random(length, 2), Random(length, 3), Random(length, 4), Random(length, 5), Random(length, 6));
            Assert.Equal(Map(length, i => (x[i] * a[i]) + y[i]), After(x, t => FusedPass.Run(default(Mixed), a, t, [.. y])));
            Assert.Equal(Map(length, i => x[i] / a[i]), After(x, t => FusedPass.Run(default(Mixed), a, t)));
            Assert.Equal(
                Map(length, i => (x[i] * a[i]) + y[i] - z[i]), After(x, t => FusedPass.Run(default(Mixed), a, t, y.ToArray().AsSpan(), z.ToArray().AsSpan())));
            Assert.Equal(
                Map(length, i => x[i] + (a[i] * b[i])), After(x, t => FusedPass.Run(default(Mixed), (ReadOnlySpan<float>)a, (ReadOnlySpan<float>)b, t)));
            Assert.Equal(
                Map(length, i => y[i] + (a[i] * b[i])),
                After(y, t => FusedPass.Run(default(Mixed), (ReadOnlySpan<float>)a, (ReadOnlySpan<float>)b, x.ToArray().AsSpan(), t)));
            Assert.Equal(
                Map(length, i => x[i] + (a[i] * b[i] * c[i])),
                After(x, t => FusedPass.Run(default(Mixed), (ReadOnlySpan<float>)a, (ReadOnlySpan<float>)b, (ReadOnlySpan<float>)c, t)));
        }
    }

    [Fact]
    public void Run_OfUnequalLengths_Throws() =>
        Assert.Throws<ArgumentException>(() => FusedPass.Run(default(Mixed), new float[3], new float[4]));

    private delegate void Change(Span<float> target);

    private static float[] After(float[] x, Change change)
    {
        float[] copy = [.. x];
        change(copy);
        return copy;
    }

    private static float[] Map(int length, Func<int, float> element) => [.. Enumerable.Range(0, length).Select(element)];

    private static float[] Random(int length, long index)
    {
        var stream = new RandomStreams(1).Open("elements", index);
        return Map(length, _ => stream.NextSingle() - 0.5f);
    }

    private readonly struct Mixed : IFormula11, IFormula12, IFormula13, IFormula21, IFormula22, IFormula31
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> a, ref Vector<float> x) => x /= a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> a, ref Vector<float> x, ref Vector<float> y) => x = (x * a) + y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> a, ref Vector<float> x, ref Vector<float> y, ref Vector<float> z) => x = (x * a) + y - z;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> a, Vector<float> b, ref Vector<float> x) => x += a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> a, Vector<float> b, ref Vector<float> x, ref Vector<float> y) => y += a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run(Vector<float> a, Vector<float> b, Vector<float> c, ref Vector<float> x) => x += a * b * c;
    }
}
