using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <content>Parameters, counters, the state of the rules, and pushes that are held.</content>
internal sealed partial class ParameterServer
{
    public static void Write(BinaryWriter writer, NativeVector vector) => writer.Write(MemoryMarshal.AsBytes(vector.Span));

    public static void Read(BinaryReader reader, NativeVector vector) => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(vector.Span));

    public void Save(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write(Samples);
        writer.Write(LargestLearningRate);
        Write(writer, Vector);
        writer.Flush();
        foreach (var state in states)
        {
            state.Save(writer.BaseStream);
        }

        writer.Write(held.Count);
        foreach (var push in held)
        {
            writer.Write(push.Worker);
            writer.Write(push.Gradient);
            writer.Write(push.Samples);
            writer.Write(push.Staleness);
            Write(writer, push.Vector);
        }

        writer.Flush();
    }

    public void Restore(BinaryReader reader)
    {
        (Version, Samples) = (reader.ReadInt64(), reader.ReadInt64());
        (LargestLearningRate, LearningRate) = (reader.ReadDouble(), RateNow());
        Read(reader, Vector);
        foreach (var state in states)
        {
            state.Restore(reader.BaseStream);
        }

        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var push = new HeldPush(Vector.Length)
            {
                Worker = reader.ReadInt32(),
                Gradient = reader.ReadInt64(),
                Samples = reader.ReadInt32(),
                Staleness = reader.ReadInt64(),
            };
            Read(reader, push.Vector);
            held.Add(push);
        }
    }

    /// <summary>A vector that workers were sent; nobody refers to it yet.</summary>
    public ParameterSnapshot RestoreSnapshot(BinaryReader reader)
    {
        var sent = NewSnapshot();
        sent.References = 0;
        Read(reader, sent.Vector);
        return sent;
    }
}
