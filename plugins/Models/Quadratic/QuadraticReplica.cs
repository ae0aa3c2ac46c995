using Orchestrator.Abstractions;

namespace Orchestrator.Models;

internal sealed class QuadraticReplica(QuadraticOptions options, float[] eigenvalues) : IReplica
{
    /// <returns>The loss without noise.</returns>
    public double Gradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Random random, Span<float> gradient, Span<float> pushedBuffers)
    {
        for (var i = 0; i < eigenvalues.Length; i++)
        {
            gradient[i] = (eigenvalues[i] * parameters[i]) + (float)(options.NoiseStandardDeviation * Gaussian.Next(random));
        }

        return Loss(parameters);
    }

    public double Evaluate(ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, in Batch batch, Span<int> predictions) =>
        Loss(parameters) * batch.Count;

    public void Dispose()
    {
    }

    private double Loss(ReadOnlySpan<float> parameters)
    {
        var sum = 0.0;
        for (var i = 0; i < eigenvalues.Length; i++)
        {
            double theta = parameters[i];
            if (!(Math.Abs(theta) < options.DivergenceBound))
            {
                return double.PositiveInfinity;
            }

            sum += eigenvalues[i] * theta * theta;
        }

        return sum / 2;
    }
}
