using System.Collections.Concurrent;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Decides when the parameters are evaluated, and has it done: in zero virtual or recorded time, or on the wall clock from a copy in the background, one after the
/// other, while training goes on. Called by whoever has the server's turn, which alone talks to the recorder.
/// </summary>
internal sealed class Evaluations(Experiment experiment, IRecorder recorder, RunProgress progress) : IDisposable
{
    private readonly Evaluator evaluator = new(experiment);
    private readonly ConcurrentQueue<EvaluationRecord> done = new();
    private Task background = Task.CompletedTask;
    private double nextEpoch = experiment.Evaluation.EveryEpochs ?? double.PositiveInfinity;
    private double nextUpdate = experiment.Evaluation.EveryUpdates ?? double.PositiveInfinity;
    private double nextSecond = experiment.Evaluation.EverySeconds ?? double.PositiveInfinity;
    private long lastVersion = -1;

    public void AtStart(ParameterServer server)
    {
        if (experiment.Evaluation.AtStart)
        {
            Evaluate(server, 0, 0);
        }
    }

    /// <summary>Evaluates when the update just made reached a mark.</summary>
    public void AfterUpdate(ParameterServer server, long events, long now)
    {
        Drain();
        var plan = experiment.Evaluation;
        var due = Passed(server.Epoch, plan.EveryEpochs, ref nextEpoch)
            | Passed(server.Version, plan.EveryUpdates, ref nextUpdate)
            | Passed(now / 1e9, plan.EverySeconds, ref nextSecond);
        if (due)
        {
            Evaluate(server, events, now);
        }
    }

    /// <summary>Evaluates the final parameters if that has not been done, and waits for what is under way.</summary>
    public void AtEnd(ParameterServer server, long events, long now)
    {
        if (lastVersion != server.Version)
        {
            Evaluate(server, events, now);
        }

        Settle();
    }

    /// <summary>Waits for what is under way and hands it to the recorder.</summary>
    public void Settle()
    {
        background.Wait();
        Drain();
    }

    /// <summary>Writes the marks; nothing is under way.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(nextEpoch);
        writer.Write(nextUpdate);
        writer.Write(nextSecond);
        writer.Write(lastVersion);
    }

    public void Restore(BinaryReader reader)
    {
        (nextEpoch, nextUpdate, nextSecond) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        lastVersion = reader.ReadInt64();
    }

    public void Dispose()
    {
        background.Wait();
        evaluator.Dispose();
    }

    private static bool Passed(double value, double? distance, ref double mark)
    {
        if (value < mark)
        {
            return false;
        }

        // The first mark beyond, computed from its number so that no rounding adds up.
        mark = (Math.Floor(value / distance!.Value) + 1) * distance.Value;
        return true;
    }

    private void Evaluate(ParameterServer server, long events, long now)
    {
        lastVersion = server.Version;
        var record = new EvaluationRecord
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
        if (!experiment.RunsInRealTime)
        {
            done.Enqueue(evaluator.Evaluate(server.Vector, record));
            Drain();
            return;
        }

        var copy = new NativeVector(server.Vector.Length);
        server.Vector.Span.CopyTo(copy.Span);
        background = background.ContinueWith(
            before =>
            {
                before.Wait();
                using (copy)
                {
                    done.Enqueue(evaluator.Evaluate(copy, record));
                }
            },
            TaskScheduler.Default);
    }

    private void Drain()
    {
        while (done.TryDequeue(out var record))
        {
            recorder.Evaluation(record);
            experiment.Observer?.Evaluated(record);
            progress.Evaluated(record.TestAccuracy, record.TestLoss);
        }
    }
}
