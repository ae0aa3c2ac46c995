using System.Text;

namespace Orchestrator.Engine;

/// <content>Everything that a later process needs to go on exactly: taken between two arrivals, when nothing is half done.</content>
public sealed partial class Training
{
    private bool resumed;

    /// <summary>Takes up the state of an earlier process instead of beginning; call before <see cref="Run"/>.</summary>
    /// <exception cref="InvalidDataException">The state is of another experiment.</exception>
    public void Restore(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadInt32() != states.Length || reader.ReadInt32() != server.Vector.Length)
        {
            throw new InvalidDataException("The checkpoint is of another experiment: the number of workers or of parameters differs.");
        }

        events = reader.ReadInt64();
        clock.ContinueAt(reader.ReadInt64());
        server.Restore(reader);
        consistencyState.Restore(stream);
        workerStates?.Restore(stream);
        evaluations.Restore(reader);
        var sent = new ParameterSnapshot[reader.ReadInt32()];
        for (var i = 0; i < sent.Length; i++)
        {
            sent[i] = server.RestoreSent(reader);
        }

        for (var worker = 0; worker < states.Length; worker++)
        {
            (states[worker].NextGradient, states[worker].NextBatch, states[worker].LastStaleness, states[worker].Left) =
                (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean());
            progress.WorkersChanged(states[worker].Left ? -1 : 0);
            if (reader.ReadInt32() is >= 0 and var number)
            {
                RestoreFlight(worker, sent[number], reader);
            }
        }

        progress.Continued(server.Version, server.Epoch);
        resumed = true;
    }

    // What the state calls done must be in the record before its length is taken.
    private void WriteCheckpoint()
    {
        evaluations.Settle();
        checkpoints!.Write(server.Version, Save);
    }

    private void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(states.Length);
        writer.Write(server.Vector.Length);
        writer.Write(events);
        writer.Write(clock.Now);
        server.Save(writer);
        writer.Flush();
        consistencyState.Save(stream);
        workerStates?.Save(stream);
        evaluations.Save(writer);

        // Vectors that several workers were sent are written once.
        var numbers = new Dictionary<ParameterSnapshot, int>();
        var sent = states.Select(s => s.InFlightPush).OfType<InFlightPush>().Select(f => f.Sent).Distinct().ToList();
        writer.Write(sent.Count);
        foreach (var vector in sent)
        {
            numbers.Add(vector, numbers.Count);
            ParameterServer.Write(writer, vector.Vector);
        }

        for (var worker = 0; worker < states.Length; worker++)
        {
            writer.Write(states[worker].NextGradient);
            writer.Write(states[worker].NextBatch);
            writer.Write(states[worker].LastStaleness);
            writer.Write(states[worker].Left);
            writer.Write(states[worker].InFlightPush is { } flight ? numbers[flight.Sent] : -1);
            if (states[worker].InFlightPush is { } under)
            {
                Save(under, writer);
            }
        }
    }

    private static void Save(InFlightPush flight, BinaryWriter writer)
    {
        writer.Write(flight.Gradient);
        writer.Write(flight.Batch);
        writer.Write(flight.Samples);
        writer.Write(flight.Version);
        writer.Write(flight.PullEvent);
        writer.Write(flight.LearningRate);
        writer.Write(flight.PulledAt);
        writer.Write(flight.ArrivesAt);
        writer.Write(flight.StartsAt);
        writer.Write(flight.Floor);
    }

    private void RestoreFlight(int worker, ParameterSnapshot sent, BinaryReader reader)
    {
        sent.References++;
        var flight = new InFlightPush
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
        states[worker].InFlightPush = flight;
        working++;
        clock.Continue(flight);
    }
}
