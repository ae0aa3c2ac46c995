using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Numerics;

namespace Orchestrator.Sweeps;

/// <summary>
/// Measures what a gradient takes on this machine: a few are computed. Costs are measured for few
/// cells and taken for all that are alike. Processor time is measured, so that what else the machine
/// does now does not count.
/// </summary>
/// <param name="data">The data.</param>
internal sealed class GradientProbe(DataSets data)
{
    private const int Fewest = 3;
    private const int Most = 500;
    private static readonly TimeSpan LongestProbe = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestOfAll = TimeSpan.FromMilliseconds(600);

    private TimeSpan spent;
    private readonly Dictionary<string, double> known = [];
    private double perMultiplication;

    private static TimeSpan Now => Environment.CpuUsage.TotalTime;

    /// <summary>Seconds per gradient of a cell's batch.</summary>
    public double Seconds(Cell cell)
    {
        var pipeline = cell.Pipeline;
        var kind = $"{pipeline.Dataset.Json}\n{pipeline.Model.Model.Json}\n{pipeline.Model.Backend?.Json}\n{WorkEstimate.BatchOf(cell)}";
        if (known.TryGetValue(kind, out var seconds))
        {
            return seconds;
        }

        var objective = pipeline.Model.Build(cell.Shape);
        var size = (double)objective.Layout.Length * WorkEstimate.BatchOf(cell);
        if (spent < LongestOfAll)
        {
            var before = Now;
            seconds = Measure(pipeline, objective, cell.Shape);
            spent += Now - before;
            perMultiplication = seconds / size;
        }
        else
        {
            seconds = perMultiplication * size;
        }

        return known[kind] = seconds;
    }

    private double Measure(ResolvedPipeline pipeline, IObjective objective, DatasetShape shape)
    {
        var samples = data.Load(pipeline.Dataset).Train;
        var count = Math.Min(pipeline.Workers.BatchSize, samples.Count);
        var random = new RandomStreams(0).Open("probe");
        using var parameters = new NativeVector(objective.Layout.Length);
        using var buffers = new NativeVector(objective.Layout.BufferLength);
        using var gradient = new NativeVector(objective.Layout.Length);
        using var pushed = new NativeVector(objective.Layout.BufferLength);
        using var inputs = new NativeVector(count * shape.SampleLength);
        objective.Initialize(random, parameters.Span, buffers.Span);
        samples.Gather([.. Enumerable.Range(0, count)], inputs.Span);
        using var replica = objective.CreateReplica(count);
        var times = new List<double>();
        var began = Now;
        while (times.Count < Fewest || (times.Count < Most && Now - began < LongestProbe))
        {
            var before = Now;
            replica.Gradient(
                parameters.Span, buffers.Span,
                new Batch(inputs.Span, samples.Labels.IsEmpty ? default : samples.Labels[..count], count, samples.Values.IsEmpty ? default : samples.Values[..(count * shape.Values)]),
                random, gradient.Span, pushed.Span);
            times.Add((Now - before).TotalSeconds);
        }

        // The first ones are of code that is still being compiled: it takes dozens of calls, and a tenth
        // of a second, until the runtime has compiled what is called often once more.
        times.RemoveRange(0, times.Count / 2);
        times.Sort();
        return times[times.Count / 2];
    }
}
