using System.Buffers.Binary;

namespace Orchestrator.Transports.Tests;

/// <summary>
/// Makes malformed input from well-formed: the nearer it was to right, the deeper it gets.
/// </summary>
internal static class Mutation
{
    private static readonly int[] Interesting = [0, 1, -1, 4, 63, 64, 65, 255, 256, 65_535, 65_536, 1 << 20, 1 << 30, int.MaxValue, int.MinValue];

    public static byte[] Of(Random random, byte[] right)
    {
        var bytes = right;
        for (var times = random.Next(4); times > 0; times--)
        {
            bytes = Once(random, bytes);
        }

        return bytes;
    }

    private static byte[] Once(Random random, byte[] bytes)
    {
        var changed = (byte[])bytes.Clone();
        switch (random.Next(8))
        {
            case 0 when changed.Length > 0:
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                return changed;
            case 1 when changed.Length > 0:
                random.NextBytes(changed.AsSpan(random.Next(changed.Length)));
                return changed;
            case 2:
                return changed[..random.Next(changed.Length + 1)];
            case 3:
                var more = new byte[random.Next(200)];
                random.NextBytes(more);
                return [.. changed, .. more];
            case 4 or 5 when changed.Length >= 4:
                var at = random.Next(2) == 0 ? random.Next(Math.Min(16, changed.Length - 3)) : random.Next(changed.Length - 3);
                BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), Interesting[random.Next(Interesting.Length)]);
                return changed;
            case 6:
                return [.. changed, .. changed];
            default:
                var cut = random.Next(changed.Length + 1);
                return [.. changed[cut..], .. changed[..cut]];
        }
    }
}
