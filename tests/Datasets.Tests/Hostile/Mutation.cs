using System.Buffers.Binary;

namespace Orchestrator.Datasets.Tests;

/// <summary>Damages a file: the nearer it stays to right, the deeper a reader goes.</summary>
internal static class Mutation
{
    private static readonly uint[] Interesting =
        [0, 1, 2, 3, 127, 128, 255, 256, 32_767, 65_535, 65_536, 1 << 24, 1u << 30, int.MaxValue, 1u << 31, uint.MaxValue];

    private static ReadOnlySpan<byte> Letters => "0123456789,;\"'.-+e\n\r(){}[] |<>\0"u8;

    public static byte[] Of(Random random, byte[] right)
    {
        var bytes = right.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            // Headers are short and say most.
            var at = random.Next(2) == 0 ? random.Next(Math.Min(64, bytes.Count)) : random.Next(bytes.Count);
            Once(random, bytes, at);
        }

        return [.. bytes];
    }

    private static void Once(Random random, List<byte> bytes, int at)
    {
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, random.Next(Math.Min(20, bytes.Count - at)));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at))));
                break;
            case 4 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.Insert(at, Letters[random.Next(Letters.Length)]);
                break;
            default:
                Number(bytes, at, Interesting[random.Next(Interesting.Length)], bigEndian: random.Next(2) == 0, random.Next(2) == 0 ? 4 : 2);
                break;
        }
    }

    private static void Number(List<byte> bytes, int at, uint value, bool bigEndian, int size)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        number = number[..size];
        if (bigEndian)
        {
            number.Reverse();
        }

        for (var i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
