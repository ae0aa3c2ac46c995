using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Models;

internal sealed class QuadraticObjective : IObjective
{
    private readonly QuadraticOptions options;
    private readonly float[] eigenvalues;

    public QuadraticObjective(QuadraticOptions options)
    {
        this.options = options;
        Layout = new ParameterLayout([new NamedTensor("theta", [options.Dimension], 0)], []);
        eigenvalues = [.. Enumerable.Range(0, options.Dimension).Select(Eigenvalue)];
    }

    public ParameterLayout Layout { get; }

    public string KernelPath => VectorPaths.KernelPath;

    public long ReplicaBytes(int largestBatch) => 0;

    public void Initialize(Random random, Span<float> parameters, Span<float> buffers) => parameters.Fill((float)options.Start);

    public IReplica CreateReplica(int largestBatch) => new QuadraticReplica(options, eigenvalues);

    private float Eigenvalue(int i)
    {
        var position = options.Dimension == 1 ? 0 : (double)i / (options.Dimension - 1);
        return (float)(options.LargestEigenvalue * Elementary.Power(options.SmallestEigenvalue / options.LargestEigenvalue, position));
    }
}
