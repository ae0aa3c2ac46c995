namespace Orchestrator.Networks;

/// <summary>
/// The windows of a pooling layer; places beyond the last whole window are left out.
/// </summary>
/// <param name="Input">What is pooled.</param>
/// <param name="WindowHeight">Lines of a window.</param>
/// <param name="WindowWidth">Places per line of a window.</param>
/// <param name="Stride">Distance between windows.</param>
public sealed record PoolShape(Volume Input, int WindowHeight, int WindowWidth, int Stride)
{
    /// <summary>One place per window.</summary>
    public Volume Output => new(Input.Channels, ((Input.Height - WindowHeight) / Stride) + 1, ((Input.Width - WindowWidth) / Stride) + 1);

    /// <summary>True if every input place is in exactly one window.</summary>
    public bool CoversOnce => IsCoveredOnce(Input.Height, WindowHeight) && IsCoveredOnce(Input.Width, WindowWidth);

    internal static PoolShape Create(string layer, int kernel, int? stride, Volume input, LayerScope scope) =>
        input.Height < kernel || input.Width < kernel
            ? throw scope.Misfit("kernel", $"{layer} with kernel {kernel} does not fit an input of {input}.")
            : new PoolShape(input, kernel, kernel, stride ?? kernel);

    private bool IsCoveredOnce(int length, int window) => length == window || (window == Stride && length % window == 0);
}
