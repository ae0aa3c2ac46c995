namespace Orchestrator.Runs;

/// <summary>
/// Whether a model computed the same as it does now, by the kernel paths of a recorded run and of
/// this program.
/// </summary>
internal static class KernelPathChange
{
    // What runs recorded before results were the same at every vector width.
    private const string Managed = "managed";
    private const string Widest = "managed/avx512";

    /// <summary>What changed, in words; null where the bits are the same.</summary>
    public static string? Of(string then, string now)
    {
        if (then == now || (then == Widest && now == Managed))
        {
            return null;
        }

        var isOfOneWidth = now == Managed && then.StartsWith(Managed + "/", StringComparison.Ordinal);
        return isOfOneWidth
            ? $"the kernel path was {then} and is {now}: the program that recorded it had other sums at each vector width; this one has those of {Widest} at all"
            : $"the kernel path was {then} and is {now}";
    }
}
