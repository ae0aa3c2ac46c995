using System.Runtime.InteropServices;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>Comparisons of vectors.</summary>
public static class Vectors
{
    /// <summary>
    /// Fails unless both vectors have the same bits; tells zeros of different sign apart.
    /// </summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} elements instead of {expected.Length}.");
        var same = MemoryMarshal.Cast<float, int>(expected).CommonPrefixLength(MemoryMarshal.Cast<float, int>(actual));
        if (same < expected.Length)
        {
            Assert.Fail($"{what}: element {same} is {actual[same]:R} instead of {expected[same]:R}.");
        }
    }

    /// <summary>
    /// Fails unless norm2(actual - expected) is at most <paramref name="distance"/>.
    /// </summary>
    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double distance, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} elements instead of {expected.Length}.");
        var difference = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += ((double)actual[i] - expected[i]) * ((double)actual[i] - expected[i]);
        }

        Assert.True(Math.Sqrt(difference) <= distance, $"{what}: distance {Math.Sqrt(difference):E2}; at most {distance:E2} is allowed.");
    }
}
