using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Abstractions;

/// <summary>
/// All that a rule remembers between calls, by name. The engine owns it: it saves and restores
/// every entry, so a rule has no code for that and cannot forget a part. A rule must keep nothing
/// else that changes.
/// </summary>
/// <param name="length">Number of parameters, k.</param>
/// <param name="workers">Number of workers, N.</param>
public sealed class RuleState(int length, int workers) : IDisposable
{
    private readonly SortedDictionary<string, object> entries = new(StringComparer.Ordinal);

    /// <summary>A vector of length k, zero at first.</summary>
    public NativeVector Vector(string name) => Entry(name, () => new NativeVector(length));

    /// <summary>
    /// One vector of length k per worker, zero at first, its memory taken when the worker first
    /// touches it.
    /// </summary>
    public WorkerVectors PerWorker(string name) => Entry(name, () => new WorkerVectors(length, workers));

    /// <summary>Numbers, zero at first.</summary>
    public double[] Numbers(string name, int count) => Entry(name, () => new double[count]);

    /// <summary>Integers, zero at first.</summary>
    public long[] Integers(string name, int count) => Entry(name, () => new long[count]);

    /// <summary>Bytes held now.</summary>
    public long Bytes => entries.Values.Sum(e => e switch
    {
        NativeVector v => 4L * v.Length,
        WorkerVectors w => w.Bytes,
        double[] d => 8L * d.Length,
        long[] i => 8L * i.Length,
        _ => 0,
    });

    /// <summary>Writes every entry with its name; little-endian.</summary>
    public void Save(Stream stream)
    {
        WriteInteger(stream, entries.Count);
        foreach (var (name, entry) in entries)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            WriteInteger(stream, utf8.Length);
            stream.Write(utf8);
            switch (entry)
            {
                case NativeVector vector: Write(stream, 'v', MemoryMarshal.AsBytes(vector.Span)); break;
                case double[] numbers: Write(stream, 'd', MemoryMarshal.AsBytes(numbers.AsSpan())); break;
                case long[] integers: Write(stream, 'i', MemoryMarshal.AsBytes(integers.AsSpan())); break;
                case WorkerVectors set:
                    Write(stream, 'w', []);
                    set.Save(stream);
                    break;
            }
        }
    }

    /// <summary>
    /// Reads back what <see cref="Save"/> wrote, into entries of the same names and sizes.
    /// </summary>
    /// <exception cref="InvalidDataException">The stream holds other entries than the rule asked
    /// for, or ends early.</exception>
    public void Restore(Stream stream)
    {
        var count = ReadInteger(stream);
        if (count != entries.Count)
        {
            throw new InvalidDataException($"The saved state has {count} entries; the rule has {entries.Count}.");
        }

        foreach (var (name, entry) in entries)
        {
            var utf8 = new byte[Math.Clamp(ReadInteger(stream), 0, 4096)];
            stream.ReadExactly(utf8);
            if (Encoding.UTF8.GetString(utf8) is var saved && saved != name)
            {
                throw new InvalidDataException($"The saved state has an entry '{saved}' where the rule has '{name}'.");
            }

            switch (entry)
            {
                case NativeVector vector: Read(stream, 'v', name, MemoryMarshal.AsBytes(vector.Span)); break;
                case double[] numbers: Read(stream, 'd', name, MemoryMarshal.AsBytes(numbers.AsSpan())); break;
                case long[] integers: Read(stream, 'i', name, MemoryMarshal.AsBytes(integers.AsSpan())); break;
                case WorkerVectors set:
                    Read(stream, 'w', name, []);
                    set.Restore(stream);
                    break;
            }
        }
    }

    /// <summary>Frees all vectors; the rule must not be called again.</summary>
    public void Dispose()
    {
        foreach (var entry in entries.Values.OfType<IDisposable>())
        {
            entry.Dispose();
        }

        entries.Clear();
    }

    internal static void WriteInteger(Stream stream, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    internal static long ReadInteger(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[8];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private static void Write(Stream stream, char kind, ReadOnlySpan<byte> bytes)
    {
        WriteInteger(stream, kind);
        WriteInteger(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static void Read(Stream stream, char kind, string name, Span<byte> bytes)
    {
        var (savedKind, savedLength) = (ReadInteger(stream), ReadInteger(stream));
        if (savedKind != kind || savedLength != bytes.Length)
        {
            throw new InvalidDataException($"The saved entry '{name}' has kind '{(char)savedKind}' and {savedLength} bytes; the rule has '{kind}' and {bytes.Length}.");
        }

        stream.ReadExactly(bytes);
    }

    private T Entry<T>(string name, Func<T> create) where T : class
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            entry = create();
            entries.Add(name, entry);
        }

        return entry as T ?? throw new InvalidOperationException($"State entry '{name}' is a {entry.GetType().Name}, not a {typeof(T).Name}.");
    }
}
