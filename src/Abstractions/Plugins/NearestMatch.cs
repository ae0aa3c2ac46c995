namespace Orchestrator.Abstractions;

/// <summary>Finds what somebody probably meant, for messages that name it.</summary>
public static class NearestMatch
{
    private const int LongestWord = 64;

    /// <summary>
    /// The candidate with the fewest typing errors between it and the word, if they are few enough;
    /// otherwise null.
    /// </summary>
    /// <param name="word">What was written; words of more than 64 characters match nothing.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        var (best, fewest) = ((string?)null, Math.Max(1, word.Length / 3) + 1);
        foreach (var candidate in candidates)
        {
            var errors = Errors(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (errors < fewest)
            {
                (best, fewest) = (candidate, errors);
            }
        }

        return best ?? candidates.FirstOrDefault(c => word.Length >= 3 && c.StartsWith(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The end of a message: <c>; did you mean 'sgd'?</c>, or nothing.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string Suffix(string word, IEnumerable<string> candidates) => Find(word, candidates) is { } match ? $"; did you mean '{match}'?" : "";

    /// <summary>
    /// Optimal string alignment: insertions, deletions, substitutions, neighbours swapped.
    /// </summary>
    private static int Errors(string a, string b)
    {
        if (b.Length > LongestWord)
        {
            return int.MaxValue;
        }

        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Step(a, b, i, j, table);
            }
        }

        return table[a.Length, b.Length];
    }

    private static int Step(string a, string b, int i, int j, int[,] table)
    {
        var substituted = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var least = Math.Min(substituted, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
    }
}
