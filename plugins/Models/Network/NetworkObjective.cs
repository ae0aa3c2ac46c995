using Orchestrator.Abstractions;

namespace Orchestrator.Models;

/// <summary>A network with softmax cross-entropy, computed by the managed kernels of one width.</summary>
internal sealed class NetworkObjective(NetworkPlan plan, KernelPath path, BatchNormPolicyOptions? policy = null) : IObjective
{
    private readonly BatchNormPolicyOptions policy = policy ?? new BatchNormPolicyOptions();

    public ParameterLayout Layout => plan.Layout;

    public string KernelPath => KernelPaths.NameOf(path);

    public int RecalibrationBatches => policy.Source == StatisticsSource.Recalibrated && Layout.BufferLength > 0 ? policy.RecalibrationBatches : 0;

    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        foreach (var layer in plan.Layers)
        {
            layer.Initialize(random, parameters, buffers);
        }
    }

    public void MergeBuffers(Span<float> buffers, ReadOnlySpan<float> pushed)
    {
        var momentum = (float)policy.Momentum;
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i] += momentum * (pushed[i] - buffers[i]);
        }
    }

    public IReplica CreateReplica(int largestBatch) => path switch
    {
        Models.KernelPath.Avx512 => new Network<Lanes512>(plan, largestBatch),
        Models.KernelPath.Avx2 => new Network<Lanes256>(plan, largestBatch),
        Models.KernelPath.Vector128 => new Network<Lanes128>(plan, largestBatch),
        _ => new Network<Lanes1>(plan, largestBatch),
    };

    // Counted on a replica made for the purpose: its pages are not taken from the system before they are touched.
    public long ReplicaBytes(int largestBatch)
    {
        using var replica = CreateReplica(largestBatch);
        return replica is IMeasured measured ? measured.Bytes : 0;
    }
}
