using System.Numerics;

namespace Orchestrator.Numerics;

/// <summary>
/// A random order of 0 .. count-1 that is computed element by element, never stored: a Feistel
/// network on the smallest even number of bits that holds the count, walked until it lands inside
/// (Black and Rogaway: Ciphers with arbitrary finite domains, 2002). Small counts are shuffled
/// exactly, because a network on a few bits reaches only some of the orders.
/// </summary>
public readonly ref struct Permutation
{
    /// <summary>
    /// Up to this count the order is a Fisher-Yates shuffle, held in the caller's scratch.
    /// </summary>
    public const int LargestShuffled = 64;

    private const int Rounds = 8;

    private readonly int count;
    private readonly int halfBits;
    private readonly uint mask;
    private readonly Span<int> table;

    /// <param name="count">Number of elements, at least 1.</param>
    /// <param name="stream">Stream to take keys from; advanced.</param>
    /// <param name="scratch">At least <see cref="LargestShuffled"/> integers, kept while the order
    /// is in use.</param>
    public Permutation(int count, RandomStream stream, Span<int> scratch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        this.count = count;
        if (count <= LargestShuffled)
        {
            table = scratch[..count];
            for (var i = 0; i < count; i++)
            {
                table[i] = i;
            }

            // Fisher-Yates, written out: a library's shuffle may change its draws between versions.
            for (var i = count - 1; i > 0; i--)
            {
                var j = stream.Next(i + 1);
                (table[i], table[j]) = (table[j], table[i]);
            }

            return;
        }

        halfBits = (BitOperations.Log2((uint)(count - 1)) + 2) / 2;
        mask = (1u << halfBits) - 1;
        table = scratch[..Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            table[round] = unchecked((int)stream.NextUInt32());
        }
    }

    /// <summary>The element at a position of the order.</summary>
    public int this[int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)count, nameof(position));
            return halfBits == 0 ? table[position] : Land((uint)position);
        }
    }

    /// <summary>
    /// Fills in the elements at consecutive positions, from <paramref name="first"/> on.
    /// </summary>
    public void Fill(int first, Span<int> elements)
    {
        var done = 0;
        if (halfBits != 0)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(first);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(elements.Length, count - first, nameof(elements));
            for (; done <= elements.Length - Vector<uint>.Count; done += Vector<uint>.Count)
            {
                var walked = Walk(Vector<uint>.Indices + new Vector<uint>((uint)(first + done)));
                for (var i = 0; i < Vector<uint>.Count; i++)
                {
                    // Few land outside.
                    elements[done + i] = walked[i] < (uint)count ? (int)walked[i] : Land(walked[i]);
                }
            }
        }

        for (; done < elements.Length; done++)
        {
            elements[done] = this[first + done];
        }
    }

    // The finaliser of MurmurHash3 (Appleby, public domain).
    private static uint Mix(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }

    private static Vector<uint> Mix(Vector<uint> value)
    {
        value = (value ^ (value >>> 16)) * 0x85EBCA6B;
        value = (value ^ (value >>> 13)) * 0xC2B2AE35;
        return value ^ (value >>> 16);
    }

    private int Land(uint value)
    {
        do
        {
            var (left, right) = (value >> halfBits, value & mask);
            foreach (var key in table)
            {
                (left, right) = (right, left ^ (Mix(right ^ unchecked((uint)key)) & mask));
            }

            value = (left << halfBits) | right;
        }
        while (value >= (uint)count);

        return (int)value;
    }

    // One turn of Land for several.
    private Vector<uint> Walk(Vector<uint> values)
    {
        var within = new Vector<uint>(mask);
        var (left, right) = (values >>> halfBits, values & within);
        foreach (var key in table)
        {
            (left, right) = (right, left ^ (Mix(right ^ new Vector<uint>(unchecked((uint)key))) & within));
        }

        return (left << halfBits) | right;
    }
}
