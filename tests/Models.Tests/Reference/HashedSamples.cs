using Orchestrator.Abstractions;

namespace Orchestrator.Models.Tests;

/// <summary>
/// Parameters, inputs, labels and draws by the hash that generate.py uses, so that no weights are
/// stored.
/// </summary>
internal static class HashedSamples
{
    /// <summary>Added to a salt for each further draw.</summary>
    public const uint Draw = 1000;
    public const uint Parameters = 1;
    public const uint Inputs = 2;
    public const uint Labels = 3;
    public const uint Dropout = 4;
    private const uint Signs = 100;
    private const int Projections = 8;

    public static uint Word(uint index, uint salt) => Mix(Mix(index ^ Mix(salt)) + 0x9E3779B9);

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public static double Unit(int index, uint salt) => (Word((uint)index, salt) >> 8) / (double)(1 << 24);

    public static float[] FillParameters(ParameterLayout layout, uint draw)
    {
        var values = new float[layout.Length];
        var bound = 1.0;
        foreach (var tensor in layout.Parameters)
        {
            var isNorm = tensor.Name.Split('.')[^2].StartsWith("bn", StringComparison.Ordinal);
            bound = isNorm || tensor.Shape.Count == 1 ? bound : 1 / Math.Sqrt(tensor.Length / tensor.Shape[0]);
            for (var i = tensor.Offset; i < tensor.Offset + tensor.Length; i++)
            {
                var unit = Unit(i, Parameters + (Draw * draw));
                values[i] = (float)(!isNorm ? ((2 * unit) - 1) * bound : tensor.Name.EndsWith("weight") ? 0.5 + unit : unit - 0.5);
            }
        }

        return values;
    }

    /// <summary>
    /// Sums with random signs. The mean square of their differences estimates the squared norm of
    /// the difference of two vectors.
    /// </summary>
    public static double[] Project(ReadOnlySpan<float> vector)
    {
        var sums = new double[Projections];
        for (var j = 0; j < Projections; j++)
        {
            for (var i = 0; i < vector.Length; i++)
            {
                sums[j] += Word((uint)i, Signs + (uint)j) >> 31 == 0 ? vector[i] : -vector[i];
            }
        }

        return sums;
    }

    public static double SquaredDifference(IReadOnlyList<double> expected, IReadOnlyList<double> actual) =>
        expected.Zip(actual, (a, b) => (a - b) * (a - b)).Average();

    private static uint Mix(uint bits)
    {
        bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
        bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
        return bits ^ (bits >> 16);
    }

    /// <summary>A stream whose bytes are the words of the hash, in order.</summary>
    public sealed class Stream : Random
    {
        private uint next;

        public override void NextBytes(Span<byte> buffer)
        {
            for (; buffer.Length >= 4; buffer = buffer[4..])
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(buffer, Word(next++, Dropout));
            }
        }
    }
}
