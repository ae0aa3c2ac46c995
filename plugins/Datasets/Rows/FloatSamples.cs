using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Samples kept as they are gathered.</summary>
/// <param name="inputs"><c>[sample, element]</c>.</param>
/// <param name="labels">One class per sample; empty where there are values.</param>
/// <param name="values">What is to be predicted; null where there are labels.</param>
/// <param name="length">Elements of a sample.</param>
/// <param name="groups">The natural group of each; null where there are none.</param>
internal sealed class FloatSamples(float[] inputs, int[] labels, float[]? values, int length, int[]? groups = null) : ISamples
{
    public int Count { get; } = inputs.Length / length;

    public ReadOnlySpan<int> Labels => labels;

    public ReadOnlySpan<float> Values => values;

    public ReadOnlySpan<int> Groups => groups;

    public void Gather(ReadOnlySpan<int> rows, Span<float> gathered)
    {
        if (gathered.Length != (long)rows.Length * length)
        {
            throw new ArgumentException($"{rows.Length} rows of {length} floats need {(long)rows.Length * length}, not {gathered.Length}.", nameof(gathered));
        }

        for (var i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"Rows are 0 to {Count - 1}.");
            }

            inputs.AsSpan(rows[i] * length, length).CopyTo(gathered.Slice(i * length, length));
        }
    }
}
