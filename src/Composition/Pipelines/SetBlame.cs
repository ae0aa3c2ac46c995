namespace Orchestrator.Composition;

/// <summary>
/// Finds out which of the command line's values makes a mistake that shows itself elsewhere: a file
/// that is right without them must not be blamed.
/// </summary>
internal static class SetBlame
{
    private const string Option = "--set";

    /// <summary>The mistakes, in the same order.</summary>
    /// <param name="mistakes">With all values.</param>
    /// <param name="sets">The values.</param>
    /// <param name="mistakesWith">What is wrong with some of them.</param>
    public static IReadOnlyList<Mistake> Of(IReadOnlyList<Mistake> mistakes, IReadOnlyList<string> sets, Func<IReadOnlyList<string>, IReadOnlyList<Mistake>> mistakesWith)
    {
        if (sets.Count == 0 || mistakes.All(IsBlamed))
        {
            return mistakes;
        }

        // Mistakes with none of the values, with the first, with the first two, ...
        var among = Enumerable.Range(0, sets.Count).Select(count => mistakesWith([.. sets.Take(count)]).Select(Key).ToHashSet()).ToList();
        return [.. mistakes.Select(mistake => IsBlamed(mistake) || among[0].Contains(Key(mistake)) ? mistake : mistake with { Where = $"{Option} {Text(sets[First(mistake)])}" })];

        int First(Mistake mistake)
        {
            var count = among.FindIndex(some => some.Contains(Key(mistake)));
            return count < 0 ? sets.Count - 1 : count - 1;
        }
    }

    private static bool IsBlamed(Mistake mistake) => mistake.Where.StartsWith(Option, StringComparison.Ordinal);

    private static (string Path, string Message) Key(Mistake mistake) => (mistake.Path, mistake.Message);

    // As a message quotes it, but as it was typed.
    private static string Text(string set) => Mistakes.Quote(set)[1..^1];
}
