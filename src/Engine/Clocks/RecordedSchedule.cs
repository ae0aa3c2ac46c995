using System.Diagnostics.CodeAnalysis;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// The order in which another run's pushes arrived, and when: 24 bytes per push. Pulls need no
/// record of their own, for the consistency model makes the same ones again. Filled from a run's
/// log, row by row, then only read.
/// </summary>
/// <param name="workers">N of the run.</param>
/// <param name="absent">Workers of the recorded run that are absent from the one that follows it:
/// their pushes vanish, and so do their places in the sequence of pulls and arrivals. Only of a
/// run in which each pull follows the same worker's arrival at once; null for none.</param>
public sealed class RecordedSchedule(int workers, IReadOnlyCollection<int>? absent = null)
{
    private readonly List<Entry>?[] byWorker = new List<Entry>?[workers];
    private readonly Dictionary<(long Version, long Event), long> evaluations = [];
    private long lastArrival;

    // Events of absent workers so far, from their first pulls on; and the place of the next pull
    // that one of them made, unless it left.
    private long vanished = absent?.Count ?? 0;
    private long vanishingPull;

    /// <summary>Pushes, cancelled ones included, those of absent workers not.</summary>
    public long Pushes { get; private set; }

    /// <summary>
    /// Why the schedule ends before the log does: a run that gets there fails with this. Null where
    /// it does not.
    /// </summary>
    public string? Problem { get; set; }

    /// <summary>Adds the log's next row.</summary>
    /// <param name="push">The row.</param>
    /// <param name="problem">Why no run can have made it after the rows before it; the schedule
    /// ends before it.</param>
    public bool TryAdd(in ScheduledPush push, [NotNullWhen(false)] out string? problem)
    {
        problem = Misfit(push);
        if (problem is not null)
        {
            return false;
        }

        lastArrival = push.IsCancelled ? lastArrival : push.Event;
        vanished += vanishingPull > 0 && push.Event > vanishingPull ? 1 : 0;
        vanishingPull = 0;
        (byWorker[push.Worker] ??= []).Add(new Entry(push.IsCancelled ? Entry.Cancelled : push.Event - vanished, push.PulledAt, push.ArrivedAt));
        if (absent?.Contains(push.Worker) == true)
        {
            vanished++;
            vanishingPull = push.Event + 1;
        }
        else
        {
            Pushes++;
        }

        return true;
    }

    /// <summary>
    /// Adds when a version was evaluated. Without some of the workers other versions are.
    /// </summary>
    public void Add(in EvaluationRecord evaluation)
    {
        if (absent is not { Count: > 0 })
        {
            evaluations.TryAdd((evaluation.Version, evaluation.Event), evaluation.At);
        }
    }

    /// <summary>
    /// A worker's push; null where the record ended before it arrived or was cancelled.
    /// </summary>
    internal Entry? Find(int worker, long gradient) => byWorker[worker] is { } own && gradient < own.Count ? own[(int)gradient] : null;

    /// <summary>Whether a worker's push arrived.</summary>
    internal bool Arrives(int worker, long gradient) => Find(worker, gradient) is { Event: not Entry.Cancelled };

    /// <summary>Checks that a push arrives where it did there.</summary>
    /// <exception cref="EngineException">It does not: the pulls before it differ.</exception>
    internal void CheckArrival(InFlightPush push, long number)
    {
        if (Find(push.Worker, push.Gradient) is { } recorded && recorded.Event != number)
        {
            throw new EngineException(
                $"The recorded schedule does not fit: worker {push.Worker}'s push {push.Gradient} is event {number} here and event {recorded.Event} there, so the pulls before it differ.");
        }
    }

    /// <summary>
    /// Checks that with nothing of the schedule in flight nothing of it is left; otherwise somebody
    /// was not released who was released there.
    /// </summary>
    internal void CheckEnd(WorkerTable table, long version)
    {
        for (var worker = 0; worker < table.Count; worker++)
        {
            if (table[worker].Push is { } push && Arrives(worker, push.Gradient))
            {
                return;
            }
        }

        if (Problem is { } problem)
        {
            throw new EngineException(problem);
        }

        for (var worker = 0; worker < table.Count; worker++)
        {
            if (absent?.Contains(worker) != true && Find(worker, table[worker].NextGradient) is not null)
            {
                throw new EngineException(
                    $"The recorded schedule does not fit: worker {worker} is not released for its push {table[worker].NextGradient}, which is on the schedule (version {version}).");
            }
        }
    }

    internal long? EvaluatedAt(long version, long events) => evaluations.TryGetValue((version, events), out var at) ? at : null;

    private string? Misfit(in ScheduledPush push)
    {
        if (push.Worker < 0 || push.Worker >= byWorker.Length)
        {
            return $"worker {push.Worker} does not exist; the run has {byWorker.Length}";
        }

        var next = byWorker[push.Worker]?.Count ?? 0;
        if (push.Gradient != next)
        {
            return $"gradient {push.Gradient} of worker {push.Worker} follows its gradient {next - 1}";
        }

        return push.IsCancelled || push.Event > lastArrival ? null : $"event {push.Event} is an arrival that follows event {lastArrival}";
    }

    /// <summary>When one push was pulled, and arrived or was cancelled.</summary>
    internal readonly record struct Entry(long Event, long PulledAt, long ArrivedAt)
    {
        /// <summary>
        /// In place of an event number: what was cancelled never arrives, so it needs no place in
        /// the order.
        /// </summary>
        public const long Cancelled = -1;
    }
}
