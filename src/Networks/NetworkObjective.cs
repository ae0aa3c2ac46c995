using Orchestrator.Abstractions;

namespace Orchestrator.Networks;

/// <summary>
/// A network with softmax cross-entropy: what is the same for every backend. A backend adds its
/// replicas.
/// </summary>
/// <param name="network">The network.</param>
public abstract class NetworkObjective(Network network) : IObjective
{
    /// <summary>The network that is computed.</summary>
    public Network Network { get; } = network;

    /// <inheritdoc/>
    public ParameterLayout Layout => Network.Layout;

    /// <inheritdoc/>
    public abstract string KernelPath { get; }

    /// <inheritdoc/>
    public virtual string? Vectors => null;

    /// <inheritdoc/>
    public int RecalibrationBatches =>
        Network.BatchNormPolicy.Source == StatisticsSource.Recalibrated && Layout.BufferLength > 0 ? Network.BatchNormPolicy.RecalibrationBatches : 0;

    /// <inheritdoc/>
    public void Initialize(Random random, Span<float> parameters, Span<float> buffers) => Network.Initialize(random, parameters, buffers);

    /// <inheritdoc/>
    public void MergeBuffers(Span<float> buffers, ReadOnlySpan<float> pushed)
    {
        var momentum = (float)Network.BatchNormPolicy.Momentum;
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i] += momentum * (pushed[i] - buffers[i]);
        }
    }

    /// <inheritdoc/>
    public abstract IReplica CreateReplica(int largestBatch);

    /// <inheritdoc/>
    public abstract long ReplicaBytes(int largestBatch);
}
