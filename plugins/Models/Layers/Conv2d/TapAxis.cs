namespace Orchestrator.Models;

/// <summary>
/// Positions along one axis, <c>First, First + Step, ...</c>, that all sum over the same taps;
/// position i reads <c>Taps</c> neighbouring source positions from <c>Source + i · SourceStep</c>,
/// with the weights of ranks <c>Rank, Rank + 1, ...</c>.
/// </summary>
internal readonly record struct TapSpan(int First, int Step, int Count, int Rank, int Taps, int Source, int SourceStep);

/// <summary>
/// Splits an axis of a convolution into spans without taps that fall outside, so that neither
/// padding nor the zeros between the steps of a stride are ever read or multiplied.
/// </summary>
internal static class TapAxis
{
    /// <summary>Output positions; ranks are kernel positions.</summary>
    public static List<TapSpan> Forward(int input, int output, int kernel, int stride, int padding)
    {
        var spans = new List<TapSpan>();
        for (var position = 0; position < output; position++)
        {
            var origin = (position * stride) - padding;
            var first = Math.Max(0, -origin);
            var taps = Math.Max(0, Math.Min(kernel, input - origin) - first);
            Extend(spans, new TapSpan(position, 1, 1, taps == 0 ? 0 : first, taps, taps == 0 ? 0 : origin + first, stride));
        }

        return spans;
    }

    /// <summary>
    /// Input positions, which sum over the outputs that they took part in; ranks as in
    /// <see cref="BackwardOrder"/>. With a stride, neighbouring positions see different taps, so
    /// spans take every stride-th position.
    /// </summary>
    public static List<TapSpan> Backward(int input, int output, int kernel, int stride, int padding)
    {
        var order = BackwardOrder(kernel, stride);
        var spans = new List<TapSpan>();
        for (var phase = 0; phase < Math.Min(stride, input); phase++)
        {
            var ofPhase = new List<TapSpan>();
            for (var position = phase; position < input; position += stride)
            {
                var ranks = Enumerable.Range(0, kernel).Where(rank => Reaches(position + padding - order[rank], stride, output)).ToArray();
                var source = ranks.Length == 0 ? 0 : (position + padding - order[ranks[0]]) / stride;
                Extend(ofPhase, new TapSpan(position, stride, 1, ranks.Length == 0 ? 0 : ranks[0], ranks.Length, source, 1));
            }

            spans.AddRange(ofPhase);
        }

        return spans;
    }

    /// <summary>
    /// Kernel positions by remainder, then descending: along it, the outputs that an input position
    /// took part in ascend one by one.
    /// </summary>
    public static int[] BackwardOrder(int kernel, int stride) =>
        [.. Enumerable.Range(0, kernel).OrderBy(tap => tap % stride).ThenByDescending(tap => tap)];

    private static bool Reaches(int distance, int stride, int output) =>
        distance >= 0 && distance % stride == 0 && distance / stride < output;

    private static void Extend(List<TapSpan> spans, TapSpan next)
    {
        if (spans.Count > 0 && spans[^1] is var last && last.Rank == next.Rank && last.Taps == next.Taps && (next.Taps == 0 || ContinuesAt(last) == next.Source))
        {
            spans[^1] = last with { Count = last.Count + 1 };
            return;
        }

        spans.Add(next);
    }

    private static int ContinuesAt(TapSpan span) => span.Source + (span.Count * span.SourceStep);
}
