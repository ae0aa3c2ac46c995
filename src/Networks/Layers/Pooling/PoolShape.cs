namespace Orchestrator.Networks;

/// <summary>
/// The windows of a pooling layer; places beyond the last whole window are left out.
/// </summary>
/// <param name="Input">What is pooled.</param>
/// <param name="WindowHeight">Lines of a window.</param>
/// <param name="WindowWidth">Places per line of a window.</param>
/// <param name="Stride">Distance between windows.</param>
/// <param name="Padding">Places around the input that windows reach over; at most half a
/// window.</param>
public sealed record PoolShape(Volume Input, int WindowHeight, int WindowWidth, int Stride, int Padding = 0)
{
    /// <summary>One place per window.</summary>
    public Volume Output =>
        new(Input.Channels, ((Input.Height + (2 * Padding) - WindowHeight) / Stride) + 1, ((Input.Width + (2 * Padding) - WindowWidth) / Stride) + 1);

    /// <summary>True if every input place is in exactly one window.</summary>
    public bool CoversOnce => Padding == 0 && IsCoveredOnce(Input.Height, WindowHeight) && IsCoveredOnce(Input.Width, WindowWidth);

    /// <summary>The part of the input that is in a window; at least one place.</summary>
    /// <param name="y">The window's line in the output.</param>
    /// <param name="x">Its place in that line.</param>
    public PoolWindow Window(int y, int x)
    {
        var (top, left) = ((y * Stride) - Padding, (x * Stride) - Padding);
        var (first, begin) = (Math.Max(top, 0), Math.Max(left, 0));
        return new PoolWindow(first, begin, Math.Min(top + WindowHeight, Input.Height) - first, Math.Min(left + WindowWidth, Input.Width) - begin);
    }

    internal static PoolShape Create(string layer, int kernel, int? stride, int? padding, Volume input, LayerScope scope)
    {
        var around = padding ?? 0;
        if (2 * around > kernel)
        {
            throw scope.Misfit("padding", $"{layer} with kernel {kernel} takes a padding of at most half the kernel ({around}); windows beyond would hold nothing.");
        }

        return input.Height + (2 * around) < kernel || input.Width + (2 * around) < kernel
            ? throw scope.Misfit("kernel", $"{layer} with kernel {kernel}{(around > 0 ? $" and padding {around}" : "")} does not fit an input of {input}.")
            : new PoolShape(input, kernel, kernel, stride ?? kernel, around);
    }

    private bool IsCoveredOnce(int length, int window) => length == window || (window == Stride && length % window == 0);
}

/// <summary>A rectangle of the input of a pooling layer.</summary>
/// <param name="Top">Its first line.</param>
/// <param name="Left">Its first place in each line.</param>
/// <param name="Height">Lines.</param>
/// <param name="Width">Places per line.</param>
public readonly record struct PoolWindow(int Top, int Left, int Height, int Width);
