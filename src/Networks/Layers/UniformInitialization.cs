using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// PyTorch's default for convolutions and linear layers: weights and biases uniform in
/// ±1/sqrt(fan-in) (torch.nn.Linear, torch.nn.Conv2d: kaiming_uniform with a = sqrt(5) comes to the
/// same). Drawn in the order of the layout, from our stream.
/// </summary>
internal static class UniformInitialization
{
    public static void Fill(Random random, Span<float> parameters, int fanIn, params ReadOnlySpan<NamedTensor?> tensors)
    {
        var bound = 1 / Math.Sqrt(fanIn);
        foreach (var tensor in tensors)
        {
            if (tensor is not null)
            {
                foreach (ref var value in parameters.Slice(tensor.Offset, tensor.Length))
                {
                    value = (float)(((2 * random.NextDouble()) - 1) * bound);
                }
            }
        }
    }
}
