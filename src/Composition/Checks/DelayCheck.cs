using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Composition;

/// <summary>
/// On the wall clock delays pass for real: a push must be there before the run ends, and within an
/// hour.
/// </summary>
internal sealed class DelayCheck : IPipelineCheck
{
    private const double LongestMs = 3_600_000;
    private const int Draws = 16;

    public IReadOnlyList<string> Reads { get; } = ["clock", "seed", "stop", "workers"];

    public void Run(CheckContext context)
    {
        if (context.Pipeline.Clock != ClockKind.Wall)
        {
            return;
        }

        var workers = context.Pipeline.Workers;
        var usual = Check(context, 0, "workers", workers.Compute, workers.Delay, workers.Network);
        var overridden = workers.Overrides.Where(entry => entry.Workers.Count > 0).Select((entry, i) => Check(
            context,
            entry.Workers[0],
            PathText.Element("workers.overrides", i),
            entry.Compute ?? workers.Compute,
            entry.Delay ?? workers.Delay,
            entry.Network ?? workers.Network)).ToList();
        var everybodyIsOverridden = workers.Overrides.SelectMany(entry => entry.Workers).Distinct().Count() >= workers.Count;
        var quickest = overridden.Append(everybodyIsOverridden ? double.PositiveInfinity : usual).Min();
        if (context.Pipeline.Stop.Seconds * 1e3 < quickest)
        {
            context.Add(
                "stop.seconds",
                $"is {Number(context.Pipeline.Stop.Seconds!.Value)}, but on the wall clock a push takes about {Number(quickest / 1e3)} s of delays, so that none arrives before the run ends; "
                + "allow more seconds, or set clock to virtual");
        }
    }

    // Mean of a worker's first draws, ms.
    private static double Check(CheckContext context, int worker, string path, params ReadOnlySpan<PluginSection?> sections)
    {
        var mean = 0.0;
        foreach (var section in sections)
        {
            mean += section is null ? 0 : MeanOf(context, worker, section);
        }

        if (mean > LongestMs)
        {
            context.Add(
                path,
                $"a push of worker {worker} takes about {Number(mean / 1e3)} s of delays, which on the wall clock pass for real; at most {Number(LongestMs / 1e3)} s are allowed there "
                + "(delays are in ms); set clock to virtual, on which they are drawn only");
        }

        return mean;
    }

    private static double MeanOf(CheckContext context, int worker, PluginSection section) => context.Plugins.Ask<IDelay, object>(section, delay =>
    {
        var stream = new RandomStream(new RandomStreams(context.Pipeline.Seed).Key("delay-check"));
        var trait = delay.Trait(worker, stream);
        var (sum, drawn) = (0.0, 0);
        try
        {
            for (; drawn < Draws; drawn++)
            {
                sum += delay.Milliseconds(new DelayDraw(worker, drawn, context.Pipeline.Workers.BatchSize, 0, trait, stream));
            }
        }
        catch (InvalidOperationException) when (drawn > 0)
        {
            // A trace that ends: the run may need no more than it has.
        }

        return sum / drawn;
    }) is double mean ? mean : 0;

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
