using System.Runtime.InteropServices;

namespace Orchestrator.Numerics;

/// <summary>
/// One stream of <see cref="Philox"/> as a <see cref="Random"/>, so that any library's
/// distributions can sample from it.
/// </summary>
public sealed class RandomStream : Random
{
    private uint k0;
    private uint k1;
    private uint c2;
    private uint c3;
    private ulong block;
    private uint w0;
    private uint w1;
    private uint w2;
    private uint w3;
    private int taken;

    /// <summary>A stream at its start.</summary>
    /// <param name="key">The family, from <see cref="RandomStreams.Key"/>; the default is a family
    /// of its own.</param>
    /// <param name="index">Which stream of the family.</param>
    public RandomStream(StreamKey key, long index = 0) => Reset(key, index);

    /// <summary>Becomes another stream, at its start; allocates nothing.</summary>
    public void Reset(StreamKey key, long index = 0)
    {
        var upper = unchecked(key.Base + (ulong)index);
        (k0, k1, c2, c3) = ((uint)key.Key, (uint)(key.Key >> 32), (uint)upper, (uint)(upper >> 32));
        block = 0;
        taken = 4;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (taken == 4)
        {
            (w0, w1, w2, w3) = Philox.Block((uint)block, (uint)(block >> 32), c2, c3, k0, k1);
            block++;
            taken = 0;
        }

        return taken++ switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 };
    }

    /// <summary>The next 64 bits, the low half first.</summary>
    public ulong NextUInt64() => NextUInt32() | ((ulong)NextUInt32() << 32);

    /// <summary>Uniform in [0, 2^31 - 1).</summary>
    public override int Next() => Next(int.MaxValue);

    /// <summary>Uniform in [0, maxValue), without bias; 0 for a maxValue of 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxValue"/> is
    /// negative.</exception>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return maxValue == 0 ? 0 : (int)Below((uint)maxValue);
    }

    /// <summary>
    /// Uniform in [minValue, maxValue), without bias; minValue where the two are equal.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minValue"/> is
    /// larger.</exception>
    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var range = (ulong)((long)maxValue - minValue);
        return range == 0 ? minValue : (int)(minValue + (range <= uint.MaxValue ? Below((uint)range) : NextUInt32()));
    }

    /// <summary>Uniform in [0, 2^63 - 1).</summary>
    public override long NextInt64() => NextInt64(long.MaxValue);

    /// <summary>Uniform in [0, maxValue), without bias; 0 for a maxValue of 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxValue"/> is
    /// negative.</exception>
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <summary>
    /// Uniform in [minValue, maxValue), without bias; minValue where the two are equal.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minValue"/> is
    /// larger.</exception>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var range = unchecked((ulong)maxValue - (ulong)minValue);
        if (range == 0)
        {
            return minValue;
        }

        // Rejection keeps it unbiased: values at or above the largest multiple of the range are
        // thrown away.
        var limit = ulong.MaxValue - (ulong.MaxValue % range);
        ulong bits;
        do
        {
            bits = NextUInt64();
        }
        while (bits >= limit);

        return unchecked(minValue + (long)(bits % range));
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public override float NextSingle() => (NextUInt32() >> 8) * (1.0f / (1u << 24));

    /// <summary>Fills the array; four bytes of each 32-bit word, the lowest first.</summary>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <summary>Fills the span; four bytes of each 32-bit word, the lowest first.</summary>
    public override void NextBytes(Span<byte> buffer)
    {
        while (buffer.Length >= 4)
        {
            var word = NextUInt32();
            MemoryMarshal.Write(buffer, in word);
            buffer = buffer[4..];
        }

        if (buffer.Length > 0)
        {
            var word = NextUInt32();
            MemoryMarshal.AsBytes(new Span<uint>(ref word))[..buffer.Length].CopyTo(buffer);
        }
    }

    /// <summary>What <see cref="NextDouble"/> gives.</summary>
    protected override double Sample() => NextDouble();

    // Lemire: Fast random integer generation in an interval, 2019. Unbiased.
    private uint Below(uint range)
    {
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (uint)(product >> 32);
    }
}
