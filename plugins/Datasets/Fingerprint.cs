using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Orchestrator.Datasets;

/// <summary>
/// SHA-256 over the shape of a sample, then for the training and the test part its count, labels
/// and bytes; integers as 32 bits, little-endian. Normalisation is a function of the training bytes
/// and needs no part in it; values to predict, and groups, stand at the end.
/// </summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Fingerprint(IReadOnlyList<int> input)
    {
        foreach (var size in input)
        {
            Append(size);
        }
    }

    /// <summary>Values to predict of both parts; nothing where there are none.</summary>
    public Fingerprint AddValues(ReadOnlySpan<float> train, ReadOnlySpan<float> test)
    {
        hash.AppendData(MemoryMarshal.AsBytes(train));
        hash.AppendData(MemoryMarshal.AsBytes(test));
        return this;
    }

    /// <summary>Natural groups of the training part; nothing where there are none.</summary>
    public Fingerprint AddGroups(ReadOnlySpan<int> groups)
    {
        if (!groups.IsEmpty)
        {
            hash.AppendData("groups"u8);
            hash.AppendData(MemoryMarshal.AsBytes(groups));
        }

        return this;
    }

    public Fingerprint Add(int count, ReadOnlySpan<int> labels, ReadOnlySpan<byte> pixels)
    {
        Append(count);
        foreach (var label in labels)
        {
            Append(label);
        }

        hash.AppendData(pixels);
        return this;
    }

    public void Dispose() => hash.Dispose();

    public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash());

    private void Append(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
