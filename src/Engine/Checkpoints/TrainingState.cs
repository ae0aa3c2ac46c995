using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Everything that a later process needs to go on exactly: taken between two arrivals, when nothing
/// is half done.
/// </summary>
internal sealed class TrainingState(ParameterServer server, WorkerTable workers, Clock clock, RuleState consistency, Evaluations evaluations)
{
    /// <summary>Writes the state.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="events">Pulls and arrivals so far.</param>
    public void Save(Stream stream, long events)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(workers.Count);
        writer.Write(server.Vector.Length);
        writer.Write(events);
        writer.Write(clock.Now);
        server.Save(writer);
        writer.Flush();
        consistency.Save(stream);
        workers.SaveRuleStates(stream);
        evaluations.Save(writer, server);
        var numbers = SaveSnapshots(writer);
        for (var worker = 0; worker < workers.Count; worker++)
        {
            ref readonly var state = ref workers[worker];
            writer.Write(state.NextGradient);
            writer.Write(state.NextBatch);
            writer.Write(state.LastStaleness);
            writer.Write(state.HasLeft);
            writer.Write(state.Push is { } push ? numbers[push.Sent] : -1);
            if (state.Push is not null)
            {
                Save(state.Push, writer);
            }
        }

        writer.Write(workers.Leaving.Count);
        foreach (var worker in workers.Leaving)
        {
            writer.Write(worker);
        }
    }

    /// <summary>Takes up the state of an earlier process.</summary>
    /// <returns>Pulls and arrivals so far.</returns>
    /// <exception cref="InvalidDataException">The state is of another experiment.</exception>
    public long Restore(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadInt32() != workers.Count || reader.ReadInt32() != server.Vector.Length)
        {
            throw new InvalidDataException("The checkpoint is of another experiment: the number of workers or of parameters differs.");
        }

        var events = reader.ReadInt64();
        clock.ContinueAt(reader.ReadInt64());
        server.Restore(reader);
        consistency.Restore(stream);
        workers.RestoreRuleStates(stream);
        evaluations.Restore(reader, server);
        var sent = new ParameterSnapshot[reader.ReadInt32()];
        for (var i = 0; i < sent.Length; i++)
        {
            sent[i] = server.RestoreSnapshot(reader);
        }

        for (var worker = 0; worker < workers.Count; worker++)
        {
            ref var state = ref workers[worker];
            (state.NextGradient, state.NextBatch, state.LastStaleness, state.HasLeft) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean());
            if (reader.ReadInt32() is >= 0 and var number)
            {
                var push = RestorePush(worker, sent[number], reader);
                workers.Begin(push);
                clock.Continue(push);
            }
        }

        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            workers.Leaving.Enqueue(reader.ReadInt32());
        }

        return events;
    }

    // What several workers were sent is written once.
    private Dictionary<ParameterSnapshot, int> SaveSnapshots(BinaryWriter writer)
    {
        var numbers = new Dictionary<ParameterSnapshot, int>();
        for (var worker = 0; worker < workers.Count; worker++)
        {
            if (workers[worker].Push is { } push)
            {
                numbers.TryAdd(push.Sent, numbers.Count);
            }
        }

        writer.Write(numbers.Count);
        foreach (var snapshot in numbers.Keys)
        {
            ParameterServer.Write(writer, snapshot.Vector);
        }

        return numbers;
    }

    private static void Save(InFlightPush push, BinaryWriter writer)
    {
        writer.Write(push.Gradient);
        writer.Write(push.Batch);
        writer.Write(push.Samples);
        writer.Write(push.Version);
        writer.Write(push.PullEvent);
        writer.Write(push.LearningRate);
        writer.Write(push.PulledAt);
        writer.Write(push.ArrivesAt);
        writer.Write(push.StartsAt);
        writer.Write(push.Floor);
    }

    private static InFlightPush RestorePush(int worker, ParameterSnapshot sent, BinaryReader reader)
    {
        sent.References++;
        return new InFlightPush
        {
            Worker = worker,
            Sent = sent,
            Gradient = reader.ReadInt64(),
            Batch = reader.ReadInt64(),
            Samples = reader.ReadInt32(),
            Version = reader.ReadInt64(),
            PullEvent = reader.ReadInt64(),
            LearningRate = reader.ReadDouble(),
            PulledAt = reader.ReadInt64(),
            ArrivesAt = reader.ReadInt64(),
            StartsAt = reader.ReadInt64(),
            Floor = reader.ReadInt64(),
        };
    }
}
