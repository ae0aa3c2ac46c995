using Orchestrator.Abstractions;
using Orchestrator.Datasets;
using Orchestrator.Numerics;

namespace Orchestrator.Kernels;

/// <summary>
/// Gathering a batch: random rows of bytes, normalised to floats. 12,000 images of 28x28; the
/// values do not matter.
/// </summary>
internal static class GatherTimes
{
    /// <summary>Milliseconds, median.</summary>
    public static double Measure(int batch)
    {
        var samples = new Glyphs(new GlyphsOptions()).Load(new DataFolders([])).Train;
        using var inputs = new NativeVector(batch * 28 * 28);
        var random = new RandomStreams(1).Open("rows");
        var rows = new int[batch];
        var times = new List<double>();
        for (var round = 0; round < 3000; round++)
        {
            foreach (ref var row in rows.AsSpan())
            {
                row = random.Next(samples.Count);
            }

            var start = ProcessorTime.Milliseconds();
            samples.Gather(rows, inputs.Span);
            times.Add(ProcessorTime.Milliseconds() - start);
        }

        return times[1000..].Order().ElementAt(1000);
    }
}
