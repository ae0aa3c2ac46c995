using System.Runtime.InteropServices;

namespace Orchestrator.Networks;

/// <summary>
/// Which values dropout keeps, by position: two words per sample, drawn from the batch's stream,
/// key a hash of the value's index. The hash is two rounds of MurmurHash3's finaliser (Appleby,
/// public domain), each with a word of the key.
/// </summary>
public static class DropoutMask
{
    /// <summary>
    /// Draws the keys of one dropout layer for all samples of a batch: first the first word of
    /// every sample, then the second. Layers draw in the order of the forward pass (a residual
    /// block's shortcut before its layers), once per gradient.
    /// </summary>
    /// <param name="random">The stream for the batch.</param>
    /// <param name="first">First word of each sample.</param>
    /// <param name="second">Second word of each sample.</param>
    public static void DrawKeys(Random random, Span<uint> first, Span<uint> second)
    {
        random.NextBytes(MemoryMarshal.AsBytes(first));
        random.NextBytes(MemoryMarshal.AsBytes(second));
    }

    /// <summary>The smallest hash that stays: the rate times 2^32, rounded down.</summary>
    public static uint Threshold(double rate) => (uint)(rate * 4294967296.0);

    /// <summary>What the values that stay are multiplied by.</summary>
    public static float Scale(double rate) => (float)(1 / (1 - rate));

    /// <summary>True if a value stays.</summary>
    /// <param name="index">Index of the value within its sample, channels innermost:
    /// <c>place * channels + channel</c>, places line by line.</param>
    /// <param name="first">First word of the sample's key.</param>
    /// <param name="second">Second word of the sample's key.</param>
    /// <param name="threshold">From <see cref="Threshold"/>.</param>
    public static bool Stays(uint index, uint first, uint second, uint threshold) => Mix(unchecked(Mix(index ^ first) + second)) >= threshold;

    private static uint Mix(uint bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
            bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
            return bits ^ (bits >> 16);
        }
    }
}
