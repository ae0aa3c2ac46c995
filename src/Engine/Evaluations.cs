using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Decides when the parameters are evaluated, and has it done: in zero virtual or recorded time, or
/// on the wall clock from a copy in the background, one after the other, while training goes on.
/// Used by whoever holds the server lock, which alone talks to the recorder.
/// </summary>
internal sealed class Evaluations(Experiment experiment, IRecorder recorder, RunProgress progress) : IDisposable
{
    // When a run was interrupted, an evaluation of its last version that takes longer is left out;
    // ns.
    private const long LastPatience = 2_000_000_000;

    private readonly Evaluator evaluator = new(experiment);
    private readonly CancellationTokenSource interrupted = new();
    private readonly ConcurrentQueue<Evaluation> done = new();

    // Decided and not yet recorded, oldest first. Without a copy it is of the server's present
    // parameters.
    private readonly Queue<(EvaluationRecord Record, NativeVector? Copy)> pending = new();
    private Task background = Task.CompletedTask;
    private double nextEpoch = experiment.Evaluation.EveryEpochs ?? double.PositiveInfinity;
    private double nextUpdate = experiment.Evaluation.EveryUpdates ?? double.PositiveInfinity;
    private double nextSecond = experiment.Evaluation.EverySeconds ?? double.PositiveInfinity;
    private long lastVersion = -1;
    private long lastDuration = long.MaxValue;

    /// <summary>Decides whether version 0 is evaluated.</summary>
    public void AtStart(ParameterServer server)
    {
        if (experiment.Evaluation.AtStart)
        {
            Add(server, 0, 0);
        }
    }

    /// <summary>Decides whether the update just made reached a mark.</summary>
    public void AfterUpdate(ParameterServer server, long events, long now)
    {
        var plan = experiment.Evaluation;
        var due = Passed(server.Epoch, plan.EveryEpochs, ref nextEpoch)
            | Passed(server.Version, plan.EveryUpdates, ref nextUpdate)
            | Passed(now / 1e9, plan.EverySeconds, ref nextSecond);
        if (due)
        {
            Add(server, events, now);
        }
    }

    /// <summary>
    /// Evaluates what was decided, or on the wall clock records what has been evaluated meanwhile.
    /// </summary>
    /// <exception cref="Exception">What an evaluation in the background threw.</exception>
    /// <returns>False when an interruption came first: the rest must wait for a later process, or
    /// the order of the record would change.</returns>
    public bool CatchUp(ParameterServer server)
    {
        Record();
        if (experiment.RunsInRealTime)
        {
            ThrowIfFailed();
            return true;
        }

        while (pending.TryPeek(out var next))
        {
            if (!Evaluate(next.Copy ?? server.Vector, next.Record, interrupted.Token))
            {
                return false;
            }

            Record();
        }

        return true;
    }

    /// <summary>Hands what has been evaluated to the recorder.</summary>
    public void Record()
    {
        while (done.TryDequeue(out var evaluation))
        {
            var record = evaluation.Record;
            if (pending.TryDequeue(out var first))
            {
                first.Copy?.Dispose();
            }

            lastDuration = record.Duration;
            recorder.Evaluation(record);
            foreach (var confusion in evaluation.Confusions)
            {
                recorder.Confusion(confusion);
            }

            experiment.Observer?.Evaluated(record);
            progress.Evaluated(in record);
        }
    }

    /// <summary>
    /// Evaluates the final parameters if that has not been done, and waits for what is under way.
    /// </summary>
    /// <returns>False when an interruption came first.</returns>
    public bool AtEnd(ParameterServer server, long events, long now)
    {
        if (lastVersion != server.Version)
        {
            Add(server, events, now);
        }

        AwaitBackground();
        return CatchUp(server) && pending.Count == 0;
    }

    /// <summary>
    /// As <see cref="AtEnd"/> of a run that cannot go on: an interruption leaves nothing out.
    /// </summary>
    public void AtDivergence(ParameterServer server, long events, long now)
    {
        AtEnd(server, events, now);
        while (pending.TryPeek(out var left))
        {
            Evaluate(left.Copy ?? server.Vector, left.Record, CancellationToken.None);
            Record();
        }
    }

    /// <summary>
    /// As <see cref="AtEnd"/> after an interruption: left out where it takes long, as the
    /// evaluation before it says.
    /// </summary>
    public void AtInterruption(ParameterServer server, long events, long now)
    {
        AwaitBackground();
        Record();
        ThrowIfFailed();
        if ((lastVersion != server.Version || pending.Count > 0) && lastDuration < LastPatience)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(LastPatience / 1e6));

            // One that was decided at a mark stands where it was decided, as it would had nothing
            // interrupted it.
            var record = pending.Select(one => one.Record).Append(RecordOf(server, events, now)).First(one => one.Version == server.Version);
            Discard();
            Evaluate(server.Vector, record, patience.Token);
            Record();
        }
    }

    /// <summary>Ends what is under way; it stays decided. From any thread.</summary>
    public void Interrupt() => interrupted.Cancel();

    /// <summary>Writes the marks, and what is decided and not yet recorded.</summary>
    /// <exception cref="InvalidOperationException">The parameters that an evaluation was decided for
    /// are gone.</exception>
    public void Save(BinaryWriter writer, ParameterServer server)
    {
        writer.Write(nextEpoch);
        writer.Write(nextUpdate);
        writer.Write(nextSecond);
        writer.Write(lastVersion);
        writer.Write(pending.Count);
        foreach (var (record, copy) in pending)
        {
            if (copy is null && record.Version != server.Version)
            {
                throw new InvalidOperationException($"The evaluation of version {record.Version} is not made, and the parameters are of version {server.Version}.");
            }

            writer.Write(record.Event);
            writer.Write(record.Version);
            writer.Write(record.Epoch);
            writer.Write(record.At);
            ParameterServer.Write(writer, copy ?? server.Vector);
        }
    }

    public void Restore(BinaryReader reader, ParameterServer server)
    {
        (nextEpoch, nextUpdate, nextSecond) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        lastVersion = reader.ReadInt64();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var record = RecordOf(server, reader.ReadInt64(), 0) with { Version = reader.ReadInt64(), Epoch = reader.ReadDouble(), At = reader.ReadInt64() };
            var copy = new NativeVector(server.Vector.Length);
            ParameterServer.Read(reader, copy);
            Add(record, copy);
        }
    }

    public void Dispose()
    {
        AwaitBackground();
        Discard();
        evaluator.Dispose();
        interrupted.Dispose();
    }

    private static bool Passed(double value, double? distance, ref double mark)
    {
        if (value < mark * (1 - Marks.Rounding))
        {
            return false;
        }

        // The first mark beyond, computed from its number so that no rounding adds up.
        mark = (Marks.Passed(value, distance!.Value) + 1) * distance.Value;
        return true;
    }

    private void Add(ParameterServer server, long events, long now)
    {
        lastVersion = server.Version;
        NativeVector? copy = null;
        if (experiment.RunsInRealTime)
        {
            copy = new NativeVector(server.Vector.Length);
            server.Vector.Span.CopyTo(copy.Span);
        }

        Add(RecordOf(server, events, now), copy);
    }

    private void Add(EvaluationRecord record, NativeVector? copy)
    {
        pending.Enqueue((record, copy));
        if (experiment.RunsInRealTime)
        {
            background = background.ContinueWith(
                before =>
                {
                    before.Wait();
                    Evaluate(copy!, record, interrupted.Token);
                },
                TaskScheduler.Default);
        }
    }

    private bool Evaluate(NativeVector vector, EvaluationRecord record, CancellationToken stop)
    {
        try
        {
            done.Enqueue(evaluator.Evaluate(vector, record, stop));
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    // What it threw is thrown by whoever looks at it next, once.
    private void AwaitBackground() => Task.WaitAny(background);

    private void ThrowIfFailed()
    {
        if (background.Exception is { } failed)
        {
            ExceptionDispatchInfo.Throw(failed.Flatten().InnerExceptions[0]);
        }
    }

    private void Discard()
    {
        while (pending.TryDequeue(out var next))
        {
            next.Copy?.Dispose();
        }
    }

    private static EvaluationRecord RecordOf(ParameterServer server, long events, long now) => new()
    {
        Event = events,
        Version = server.Version,
        Epoch = server.Epoch,
        At = now,
        TestLoss = double.NaN,
        TestAccuracy = double.NaN,
        LargestPredictedShare = double.NaN,
        ParameterNorm = double.NaN,
        Duration = 0,
    };
}
