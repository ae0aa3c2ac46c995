namespace Orchestrator.Models;

/// <summary>The windows of a pooling layer.</summary>
internal sealed record PoolShape(Volume Input, int Kernel, int Stride)
{
    public Volume Output => new(Input.Channels, ((Input.Height - Kernel) / Stride) + 1, ((Input.Width - Kernel) / Stride) + 1);

    /// <summary>True if every input place is in exactly one window.</summary>
    public bool CoversOnce => Kernel == Stride && Input.Height % Kernel == 0 && Input.Width % Kernel == 0;

    public static PoolShape Create(string layer, int kernel, int? stride, Volume input, LayerScope scope) =>
        input.Height < kernel || input.Width < kernel
            ? throw scope.Misfit("kernel", $"{layer} with kernel {kernel} does not fit an input of {input}.")
            : new PoolShape(input, kernel, stride ?? kernel);
}
