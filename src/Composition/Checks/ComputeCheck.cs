using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// On the virtual clock every worker has a compute time, because nothing else moves time on. What
/// only adds to one is none.
/// </summary>
internal sealed class ComputeCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["clock", "schedule", "workers"];

    public void Run(CheckContext context)
    {
        var workers = context.Pipeline.Workers;
        if (context.Pipeline is { Clock: ClockKind.Virtual, Schedule: null } && Enumerable.Range(0, workers.Count).Any(w => workers.ComputeOf(w) is null))
        {
            context.Add(
                "workers.compute",
                "is missing; on the virtual clock a delay plugin is required, for example { \"type\": \"constant\", \"ms\": 10 } (or set clock to wall)");
        }

        foreach (var section in workers.Overrides.Select(entry => entry.Compute).Prepend(workers.Compute).OfType<PluginSection>())
        {
            if (context.Plugins.Get<IDelay>(section) is { NeedsCompute: true })
            {
                context.Add(
                    section.Path,
                    $"'{section.Name}' draws no compute time, only what a push waits beside it; give it as {section.Path.Replace("compute", "delay", StringComparison.Ordinal)}, and a compute time here, for example {{ \"type\": \"constant\", \"ms\": 10 }}");
            }
        }
    }
}
