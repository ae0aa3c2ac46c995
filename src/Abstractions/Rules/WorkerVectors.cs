using System.Runtime.InteropServices;

namespace Orchestrator.Abstractions;

/// <summary>One vector of equal length per worker, each zero until it is first written.</summary>
public sealed class WorkerVectors(int length, int workers) : IDisposable
{
    private readonly NativeVector?[] vectors = new NativeVector?[workers];

    /// <summary>Number of workers.</summary>
    public int Count => vectors.Length;

    /// <summary>Bytes taken so far.</summary>
    public long Bytes => 4L * length * vectors.Count(v => v is not null);

    /// <summary>The worker's vector, created (zero) when it has none.</summary>
    public NativeVector this[int worker] => vectors[worker] ??= new NativeVector(length);

    /// <summary>Whether the worker has a vector; one without counts as zero.</summary>
    public bool Has(int worker) => vectors[worker] is not null;

    /// <summary>Frees the vectors of all workers.</summary>
    public void Dispose()
    {
        foreach (var vector in vectors)
        {
            vector?.Dispose();
        }
    }

    /// <summary>Writes every vector that exists; little-endian.</summary>
    public void Save(Stream stream)
    {
        RuleState.WriteInteger(stream, vectors.Count(v => v is not null));
        for (var worker = 0; worker < vectors.Length; worker++)
        {
            if (vectors[worker] is { } vector)
            {
                RuleState.WriteInteger(stream, worker);
                stream.Write(MemoryMarshal.AsBytes(vector.Span));
            }
        }
    }

    /// <summary>Becomes what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream names other workers, or ends
    /// early.</exception>
    public void Restore(Stream stream)
    {
        for (var worker = 0; worker < vectors.Length; worker++)
        {
            vectors[worker]?.Dispose();
            vectors[worker] = null;
        }

        for (var left = RuleState.ReadInteger(stream); left > 0; left--)
        {
            var worker = RuleState.ReadInteger(stream);
            if (worker < 0 || worker >= vectors.Length)
            {
                throw new InvalidDataException($"The saved state names worker {worker}; there are {vectors.Length}.");
            }

            stream.ReadExactly(MemoryMarshal.AsBytes(this[(int)worker].Span));
        }
    }
}
