namespace Orchestrator.Partitioners;

/// <summary>
/// Random orders, written out: a library's shuffle may change its draws between versions.
/// </summary>
internal static class Shuffle
{
    /// <summary>Fisher and Yates, in place.</summary>
    public static int[] Of(int[] items, Random random)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }

        return items;
    }

    /// <summary>A random order of 0 .. count-1.</summary>
    public static int[] OfRange(int count, Random random) => Of([.. Enumerable.Range(0, count)], random);
}
