using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Samples kept as they are gathered.</summary>
/// <param name="values"><c>[sample, element]</c>.</param>
/// <param name="labels">One class per sample.</param>
/// <param name="length">Elements of a sample.</param>
internal sealed class FloatSamples(float[] values, int[] labels, int length) : ISamples
{
    public int Count => labels.Length;

    public ReadOnlySpan<int> Labels => labels;

    public void Gather(ReadOnlySpan<int> rows, Span<float> inputs)
    {
        if (inputs.Length != (long)rows.Length * length)
        {
            throw new ArgumentException($"{rows.Length} rows of {length} floats need {(long)rows.Length * length}, not {inputs.Length}.", nameof(inputs));
        }

        for (var i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"Rows are 0 to {Count - 1}.");
            }

            values.AsSpan(rows[i] * length, length).CopyTo(inputs.Slice(i * length, length));
        }
    }
}
