using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Datasets;

/// <summary>
/// Images kept as bytes, one plane per channel, normalised when they are gathered. Each float is
/// <c>scale * byte + shift</c>, multiplied and then added in float32 without contraction, so it has
/// the same bits at any vector width.
/// </summary>
internal sealed class ByteSamples : ISamples
{
    // Rows that are fetched while one is scaled.
    private const int Ahead = 2;

    private readonly byte[] pixels;
    private readonly int[] labels;
    private readonly float[]? values;
    private readonly int[]? groups;
    private readonly Normalization normalization;
    private readonly int plane;
    private readonly int length;

    /// <param name="pixels"><c>[sample, channel, position]</c>.</param>
    /// <param name="labels">One class per sample; empty where there are values.</param>
    /// <param name="plane">Bytes of one channel of one sample.</param>
    /// <param name="normalization">One scale and shift per channel.</param>
    /// <param name="values">What is to be predicted; null where there are labels.</param>
    /// <param name="groups">The natural group of each; null where there are none.</param>
    public ByteSamples(byte[] pixels, int[] labels, int plane, Normalization normalization, float[]? values = null, int[]? groups = null)
    {
        length = plane * normalization.Channels;
        Count = pixels.Length / length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.LongLength, (long)(values is null ? labels.Length : Count) * length, nameof(pixels));
        (this.values, this.groups) = (values, groups);
        (this.pixels, this.labels, this.plane, this.normalization) = (pixels, labels, plane, normalization);
    }

    public int Count { get; }

    public ReadOnlySpan<int> Labels => labels;

    public ReadOnlySpan<float> Values => values;

    public ReadOnlySpan<int> Groups => groups;

    public ReadOnlySpan<byte> Pixels => pixels;

    public void Gather(ReadOnlySpan<int> rows, Span<float> inputs)
    {
        if (inputs.Length != (long)rows.Length * length)
        {
            throw new ArgumentException($"{rows.Length} rows of {length} floats need {(long)rows.Length * length}, not {inputs.Length}.", nameof(inputs));
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if ((uint)row >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"Rows are 0 to {Count - 1}.");
            }

            // Rows in random order are seldom in a cache, and no processor foresees them.
            if (i + Ahead < rows.Length && (uint)rows[i + Ahead] < (uint)Count)
            {
                CacheLines.FetchAll(pixels.AsSpan(rows[i + Ahead] * length, length));
            }

            for (var channel = 0; channel < normalization.Channels; channel++, inputs = inputs[plane..])
            {
                var start = (row * length) + (channel * plane);
                Scale(pixels.AsSpan(start, plane), inputs[..plane], normalization.Scale(channel), normalization.Shift(channel));
            }
        }
    }

    private static void Scale(ReadOnlySpan<byte> from, Span<float> to, float scale, float shift)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var (scales, shifts) = (Vector256.Create(scale), Vector256.Create(shift));
        nuint i = 0;
        for (var whole = (nuint)from.Length & ~(nuint)15; i < whole; i += 16)
        {
            var wide = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, i).ToVector256Unsafe());
            var (lower, upper) = Vector256.Widen(wide);
            ((Vector256.ConvertToSingle(lower.AsInt32()) * scales) + shifts).StoreUnsafe(ref target, i);
            ((Vector256.ConvertToSingle(upper.AsInt32()) * scales) + shifts).StoreUnsafe(ref target, i + 8);
        }

        for (var rest = (int)i; rest < from.Length; rest++)
        {
            to[rest] = (from[rest] * scale) + shift;
        }
    }
}
