using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>Which durations a trace holds.</summary>
public enum DelayTraceKind
{
    /// <summary>From a push's pull to its arrival, on the run's clock.</summary>
    Total,

    /// <summary>Real time of its computation.</summary>
    Compute,
}

/// <summary>
/// Writes a run's durations as a delay trace: lines <c>worker,milliseconds</c>, a worker's pushes
/// in order, to the nanosecond. Of a push that was cancelled, and of the one that each worker had
/// under way when the record ended, only a lower bound is known: one nanosecond more than it lasted
/// until then, so that a run on the trace makes the same arrivals in the same order as far as the
/// record goes.
/// </summary>
public static class DelayTrace
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <returns>Lines written, and how many of them are lower bounds.</returns>
    /// <exception cref="InvalidDataException">The log cannot be read to its end.</exception>
    public static (long Lines, long Bounds) Write(RunEntry run, DelayTraceKind kind, TextWriter to)
    {
        var lastOf = new SortedDictionary<int, long>();
        var (lines, bounds, end) = (0L, 0L, 0L);
        var told = new HashSet<int>();
        to.Write("worker,milliseconds\n");
        using var rows = RunRows.Updates(run.Folder);
        while (rows.TryRead(out var push))
        {
            var isBound = push.Decision == PushDecision.Cancelled;
            if (kind == DelayTraceKind.Total || !isBound)
            {
                Line(push.Worker, kind == DelayTraceKind.Compute ? push.ComputeTime : push.ArrivedAt - push.PulledAt + (isBound ? 1 : 0));
                bounds += isBound ? 1 : 0;
            }

            (lastOf[push.Worker], end) = (push.ArrivedAt, Math.Max(end, push.ArrivedAt));
        }

        if (rows.Problem is { } problem)
        {
            throw new InvalidDataException(problem);
        }

        foreach (var (worker, last) in kind == DelayTraceKind.Total ? lastOf : [])
        {
            Line(worker, end - last + 1);
            bounds++;
        }

        // A trace gives its workers out in their order: one without a line would shift those behind it.
        var workers = run.Document?.Run.Workers ?? 0;
        foreach (var worker in Enumerable.Range(0, workers).Where(worker => !told.Contains(worker)))
        {
            Line(worker, end + 1);
            bounds++;
        }

        return (lines, bounds);

        void Line(int worker, long nanoseconds)
        {
            told.Add(worker);
            to.Write(string.Create(CultureInfo.InvariantCulture, $"{worker},{Math.Max(0, nanoseconds) / NanosecondsPerMillisecond:0.######}\n"));
            lines++;
        }
    }
}
