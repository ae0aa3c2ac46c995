using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>One side of a comparison, as a user names it.</summary>
/// <param name="Label">What tables call it.</param>
/// <param name="Runs">Its runs; one for each cell and seed.</param>
public sealed record ComparisonOperand(string Label, IReadOnlyList<ComparedRun> Runs)
{
    /// <summary>
    /// Finds runs by a run folder, a folder of runs or a folder of such folders, the name of a pipeline, or a run's id; each also as <c>LABEL=...</c>. Only runs
    /// that ended count, and of several attempts with the same seed the newest.
    /// </summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="text">What the user typed.</param>
    /// <param name="notes">Takes what was left out, and why.</param>
    /// <param name="problem">Why there is none.</param>
    /// <returns>Null where there is a problem.</returns>
    public static ComparisonOperand? Find(string output, string text, ICollection<string> notes, out string? problem)
    {
        var equals = Directory.Exists(text) ? -1 : text.IndexOf('=');
        var (label, query) = equals > 0 ? (text[..equals], text[(equals + 1)..]) : (null, text);
        var entries = Entries(output, query, out problem);
        if (problem is not null)
        {
            return null;
        }

        label ??= Path.GetFileName(query.TrimEnd('/', Path.DirectorySeparatorChar)) is { Length: > 0 } last ? last : query;
        RunEntry[] ended = [.. entries.Where(e => e.Document?.Summary is not null && e.Status is RunStatus.Completed or RunStatus.Diverged)];
        if (ended.Length < entries.Count)
        {
            notes.Add($"{label}: {entries.Count - ended.Length} of {entries.Count} runs have not ended, or failed; they are left out");
        }

        var runs = new List<ComparedRun>();
        foreach (var entry in ended)
        {
            if (ComparedRun.Read(entry, out var unreadable) is { } run)
            {
                runs.Add(run);
            }
            else
            {
                notes.Add(unreadable!);
            }
        }

        if (runs.Count == 0)
        {
            problem = $"{query}: no run there has ended, so there is nothing to compare.";
            return null;
        }

        ComparedRun[] newest = [.. runs.GroupBy(r => (Cell(r), r.Key)).Select(same => same.MaxBy(r => r.Started)!)];
        if (newest.Length < runs.Count)
        {
            notes.Add($"{label}: {runs.Count - newest.Length} runs are earlier attempts of others with the same settings and seed; the newest counts");
        }

        return new(label, newest);
    }

    /// <summary>What the runs of a cell have in common, as one text.</summary>
    internal static string Cell(ComparedRun run) => string.Join('\n', run.Settings.Select(s => $"{s.Key} {s.Value}"));

    private static IReadOnlyList<RunEntry> Entries(string output, string query, out string? problem)
    {
        problem = null;
        var named = query.Length > 0 && query is not ("." or "..") && query.IndexOfAny(['/', '\\']) < 0 ? Path.Combine(output, query) : query;
        foreach (var folder in new[] { query, named }.Where(f => f.Length > 0 && Directory.Exists(f)))
        {
            if (RunReader.Read(folder) is { } run)
            {
                return [run];
            }

            var within = RunReader.Under(folder);
            if (within.Count > 0)
            {
                return within;
            }
        }

        if (RunSearch.TryFind(output, query, out var found, out var unknown))
        {
            return [found];
        }

        problem = Directory.Exists(query) ? $"{query}: there are no runs in this folder." : unknown;
        return [];
    }
}
