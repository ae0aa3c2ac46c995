using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.RunFolders;

/// <summary>Finds a run by what a user types.</summary>
public static class RunSearch
{
    private const int MostShown = 5;

    /// <summary>
    /// Finds a run by its folder's path, by <c>ID-ATTEMPT</c>, or by an id or the beginning of one,
    /// which means the newest attempt; each also as <c>NAME/...</c>.
    /// </summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="query">What the user typed.</param>
    /// <param name="run">The run.</param>
    /// <param name="problem">Why there is none: nothing fits, with the nearest that there is, or
    /// several do.</param>
    public static bool TryFind(string output, string query, [NotNullWhen(true)] out RunEntry? run, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        run = query.Length > 0 && Directory.Exists(query) ? RunReader.Read(query) : null;
        if (run is not null)
        {
            return true;
        }

        if (query.Length > 0 && Directory.Exists(query) && Unreadable(query) is { } cause)
        {
            problem = $"{query}: cannot be read: {cause}";
            return false;
        }

        Candidate[] all = [.. RunReader.Folders(output, []).Select(Candidate.Of)];
        var matches = Matches(all, query);
        var match = matches.DistinctBy(c => (c.Name, c.Id)).Count() == 1 ? matches.MaxBy(c => c.Attempt) : null;
        run = match is null ? null : RunReader.Read(match.Folder);
        if (run is null)
        {
            problem = matches.Length == 0 ? NoneFits(output, query, all) : SeveralFit(query, matches);
        }

        return run is not null;
    }

    /// <summary>The runs in a folder of runs as they can be typed, <c>ID-ATTEMPT</c>.</summary>
    /// <param name="output">The folder; one that is absent holds none.</param>
    public static IEnumerable<string> Names(string output) => RunReader.Folders(output, []).Select(folder => Path.GetFileName(folder));

    private static string? Unreadable(string folder)
    {
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    private static Candidate[] Matches(Candidate[] all, string query)
    {
        var slash = query.LastIndexOf('/');
        var wanted = query[(slash + 1)..];
        var named = slash < 0 ? all : [.. all.Where(c => c.Name == query[..slash])];
        if (wanted.Length == 0)
        {
            return [];
        }

        Func<Candidate, bool>[] rules = [c => c.Run == wanted, c => c.Id == wanted, c => c.Run.StartsWith(wanted, StringComparison.Ordinal)];
        return rules.Select(rule => named.Where(rule).ToArray()).FirstOrDefault(found => found.Length > 0) ?? [];
    }

    private static string NoneFits(string output, string query, Candidate[] all)
    {
        if (all.Length == 0)
        {
            return $"{query}: no such run; there is none in {Path.GetFullPath(output)}.";
        }

        var nearest = all.MinBy(c => Math.Min(EditDistance.Between(query, c.Run), EditDistance.Between(query, c.Path)))!;
        return $"{query}: no such run among the {all.Length} in {Path.GetFullPath(output)}; the nearest is {nearest.Path}.";
    }

    private static string SeveralFit(string query, Candidate[] matches)
    {
        string[] paths = [.. matches.Select(c => c.Path).Order(StringComparer.Ordinal)];
        var more = paths.Length > MostShown ? $" and {paths.Length - MostShown} more" : "";
        return $"{query}: {paths.Length} runs fit: {string.Join(", ", paths.Take(MostShown))}{more}; give more of the id.";
    }

    private sealed record Candidate(string Folder, string Name, string Run, string Id, int Attempt)
    {
        public string Path => $"{Name}/{Run}";

        public static Candidate Of(string folder)
        {
            var run = System.IO.Path.GetFileName(folder);
            RunFolder.TrySplit(run, out var id, out var attempt);
            return new Candidate(folder, System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(folder)) ?? "", run, id, attempt);
        }
    }
}
