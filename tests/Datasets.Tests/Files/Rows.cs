using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>All rows of a part.</summary>
internal static class Rows
{
    public static float[] Of(ISamples samples, int length)
    {
        var inputs = new float[samples.Count * length];
        samples.Gather([.. Enumerable.Range(0, samples.Count)], inputs);
        return inputs;
    }
}
