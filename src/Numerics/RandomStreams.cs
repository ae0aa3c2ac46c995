using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Numerics;

/// <summary>
/// 128 bits that name a family of streams; stream <c>index</c> of the family runs the generator
/// with key <paramref name="Key"/> and the upper half of the counter at <paramref name="Base"/> +
/// index, so opening one costs nothing and no two overlap within 2^64 blocks.
/// </summary>
public readonly record struct StreamKey(ulong Key, ulong Base);

/// <summary>
/// Random streams by name and counter. The same seed, name and numbers give the same stream
/// anywhere, however many other streams are opened, so any piece of work can be done again
/// elsewhere and a new consumer shifts no other.
/// </summary>
/// <param name="seed">The run's seed.</param>
/// <param name="replaced">Seeds of some streams that are not the run's, by name. A name stands for
/// all streams of its family: <c>delay</c> for <c>delay</c> and <c>delay-trait</c>. Streams that
/// are not named are as they are without.</param>
public sealed class RandomStreams(long seed, IReadOnlyDictionary<string, long>? replaced = null)
{
    /// <summary>
    /// The family <c>(name, indices...)</c>: the first 128 bits of SHA-256 over seed, name and
    /// indices.
    /// </summary>
    public StreamKey Key(string name, params ReadOnlySpan<long> indices)
    {
        var nameLength = Encoding.UTF8.GetByteCount(name);
        var length = 16 + nameLength + (8 * indices.Length);
        var bytes = length <= 256 ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, SeedOf(name));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], nameLength);
        Encoding.UTF8.GetBytes(name, bytes[16..]);
        for (var i = 0; i < indices.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(16 + nameLength + (8 * i))..], indices[i]);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new StreamKey(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }

    /// <summary>
    /// The families <c>(name, 0)</c> .. <c>(name, workers - 1)</c>, for whoever opens streams of
    /// them too often to hash each time.
    /// </summary>
    public StreamKey[] Keys(string name, int workers)
    {
        var keys = new StreamKey[workers];
        for (var worker = 0; worker < workers; worker++)
        {
            keys[worker] = Key(name, worker);
        }

        return keys;
    }

    /// <summary>The stream <c>(name, index)</c>.</summary>
    public RandomStream Open(string name, long index = 0) => new(Key(name), index);

    /// <summary>The stream <c>(name, worker, index)</c>.</summary>
    public RandomStream Open(string name, int worker, long index) => new(Key(name, worker), index);

    private long SeedOf(string name)
    {
        if (replaced is null)
        {
            return seed;
        }

        var family = name.IndexOf('-');
        return replaced.GetValueOrDefault(family < 0 ? name : name[..family], seed);
    }
}
