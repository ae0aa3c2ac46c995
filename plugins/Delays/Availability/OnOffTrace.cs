using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>What happens after the last recorded window.</summary>
public enum WindowsEnd
{
    /// <summary>They begin again.</summary>
    Cycle,

    /// <summary>Workers stay on.</summary>
    On,
}

public sealed record OnOffTraceOptions(
    [Description("A text file, its path relative to the current folder: lines 'worker,from,to', a time on from the run's start in ms; a header and lines that begin with # are skipped. Between them a worker is off.")][NamesFile] string File,
    [Description("After the last window: cycle, or on (workers stay on).")] WindowsEnd AtEnd = WindowsEnd.Cycle,
    [Description("With cycle: after which time windows begin again, ms; the end of the last one of all workers when absent.")][Range(0.0, 1e13, MinimumIsExclusive = true)] double? PeriodMs = null);

/// <summary>
/// Availability as it was recorded: the times on of each worker, in the order of the recorded worker
/// numbers; with fewer of them than workers they are used again. The file is read once, when the
/// pipeline is validated.
/// </summary>
[Description("Workers that come and go as recorded in a file.")]
[Plugin("on-off-trace")]
internal sealed class OnOffTrace : Availability
{
    private readonly OnOffTraceOptions options;
    private readonly WindowFile trace;
    private readonly double period;

    public OnOffTrace(OnOffTraceOptions options)
    {
        (this.options, trace) = (options, WindowFile.Read(options.File));
        period = options.PeriodMs ?? trace.EndMs;
        if (period < trace.EndMs && options.AtEnd == WindowsEnd.Cycle)
        {
            throw new OptionException("periodMs", FormattableString.Invariant($"{period} ms end before the last window of '{options.File}', at {trace.EndMs} ms; at least that is needed."));
        }
    }

    protected override Window At(in DelayDraw draw, double ms)
    {
        var (from, to) = trace.Windows(draw.Worker % trace.Workers);
        if (options.AtEnd == WindowsEnd.On && ms >= to[^1])
        {
            return new Window(true, double.PositiveInfinity);
        }

        var start = options.AtEnd == WindowsEnd.Cycle ? Math.Floor(ms / period) * period : 0;
        var within = ms - start;
        var next = Array.BinarySearch(to, within);
        next = next < 0 ? ~next : next + 1;
        return next == to.Length ? new Window(false, start + period + from[0])
            : within >= from[next] ? new Window(true, start + to[next])
            : new Window(false, start + from[next]);
    }
}
