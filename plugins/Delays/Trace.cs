using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>Which recorded duration a draw takes.</summary>
public enum TraceOrder
{
    /// <summary>A worker's gradient g takes line g.</summary>
    Recorded,

    /// <summary>
    /// As recorded, but each worker begins at a line drawn once, and goes around.
    /// </summary>
    Shifted,

    /// <summary>A line drawn anew each time (the bootstrap).</summary>
    Random,
}

/// <summary>What happens after the last recorded duration, or worker.</summary>
public enum TraceEnd
{
    /// <summary>Begin again: line g modulo their number, recorded worker w modulo theirs.</summary>
    Cycle,

    /// <summary>End the run with an error.</summary>
    Fail,
}

public sealed record TraceOptions(
    [Description("A text file, its path relative to the current folder: one duration in ms per line, or lines 'worker,milliseconds'; a header and lines that begin with # are skipped.")][NamesFile] string File,
    [Description("Which recorded duration a draw takes: recorded, shifted or random.")] TraceOrder Order = TraceOrder.Recorded,
    [Description("After the last one: cycle or fail.")] TraceEnd AtEnd = TraceEnd.Cycle);

/// <summary>
/// Durations recorded elsewhere. A file with a worker column gives each worker its own list, in the
/// order of the recorded worker numbers; without one all workers share the list. The file is read
/// once, when the pipeline is validated.
/// </summary>
[Description("Durations recorded in a file.")]
[Plugin("trace")]
internal sealed class Trace(TraceOptions options) : IDelay
{
    private readonly TraceFile trace = TraceFile.Read(options.File);

    public double Trait(int worker, Random random) => options.Order == TraceOrder.Shifted ? random.NextDouble() : 0;

    public double Milliseconds(in DelayDraw draw)
    {
        var durations = Recorded(draw.Worker);
        return options.Order == TraceOrder.Random ? durations[draw.Random.Next(durations.Length)] : durations[Line(draw, durations.Length)];
    }

    private double[] Recorded(int worker)
    {
        if (worker >= trace.Workers && !trace.IsShared && options.AtEnd == TraceEnd.Fail)
        {
            throw new InvalidOperationException($"The trace '{options.File}' holds {trace.Workers} workers; none is left for worker {worker}.");
        }

        return trace.Durations(worker % trace.Workers);
    }

    private long Line(in DelayDraw draw, int lines)
    {
        if (draw.Gradient >= lines && options.AtEnd == TraceEnd.Fail)
        {
            throw new InvalidOperationException($"The trace '{options.File}' holds {lines} durations for worker {draw.Worker}; none is left for its gradient {draw.Gradient}.");
        }

        return ((long)(draw.Trait * lines) + draw.Gradient) % lines;
    }
}
