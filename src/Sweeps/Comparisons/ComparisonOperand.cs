using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>One side of a comparison, as a user names it.</summary>
/// <param name="Label">What tables call it.</param>
/// <param name="Runs">Its runs; one for each cell and seed.</param>
/// <param name="Sweep">What its sweep says of comparisons; null without a sweep.</param>
public sealed record ComparisonOperand(string Label, IReadOnlyList<ComparedRun> Runs, SweepQuestion? Sweep = null)
{
    /// <summary>
    /// Finds runs by a sweep's folder, a run folder, a folder of runs or a folder of such folders,
    /// the name of a pipeline, or a run's id; each also as
    /// <c>LABEL=...</c>. Only runs that ended count, and of several attempts with the same seed the
    /// newest. A pipeline that has sweeps means the newest of them.
    /// </summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="ledgers">Where ledgers lie: rows of runs whose folders may be gone.</param>
    /// <param name="text">What the user typed.</param>
    /// <param name="notes">Takes what was left out, and why.</param>
    /// <param name="problem">Why there is none.</param>
    /// <returns>Null where there is a problem.</returns>
    public static ComparisonOperand? Find(string output, string ledgers, string text, ICollection<string> notes, out string? problem)
    {
        var equals = Directory.Exists(text) ? -1 : text.IndexOf('=');
        var (label, query) = equals > 0 ? (text[..equals], text[(equals + 1)..]) : (null, text);
        label ??= Path.GetFileName(query.TrimEnd('/', Path.DirectorySeparatorChar)) is { Length: > 0 } last ? last : query;
        foreach (var folder in Folders(output, query))
        {
            if (SweepRuns.Find(folder, ledgers, out problem) is { } sweep)
            {
                return OfSweep(label, query, sweep, notes, out problem);
            }

            if (problem is not null)
            {
                return null;
            }
        }

        var entries = Entries(output, query, out problem);
        if (problem is not null)
        {
            return null;
        }

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

    private static ComparisonOperand? OfSweep(string label, string query, SweepRuns sweep, ICollection<string> notes, out string? problem)
    {
        problem = sweep.Runs.Count == 0 ? $"{query}: no run of this sweep is complete, so there is nothing to compare." : null;
        if (sweep is { Missing: > 0, Until: null })
        {
            var why = sweep.Average.Count == 0 ? "are not there" : $"are not there, or are of a mean over {string.Join(" and ", sweep.Average)} that is not whole";
            notes.Add($"{label}: {sweep.Missing} of {sweep.Missing + sweep.Runs.Sum(run => run.Runs)} runs of sweep {sweep.Document.Id} {why}; they are left out");
        }

        return problem is not null ? null : new(label, sweep.Runs, new(sweep.Document.Metric, sweep.By, sweep.Baseline, sweep.Delta, sweep.Until, sweep.Average));
    }

    /// <summary>The folders that a user may mean.</summary>
    internal static IEnumerable<string> Folders(string output, string query)
    {
        var named = query.Length > 0 && query is not ("." or "..") && query.IndexOfAny(['/', '\\']) < 0 ? Path.Combine(output, query) : query;
        return new[] { query, named }.Where(f => f.Length > 0 && Directory.Exists(f)).Distinct();
    }

    /// <summary>The runs that a user means, whatever state they are in.</summary>
    internal static IReadOnlyList<RunEntry> Entries(string output, string query, out string? problem)
    {
        problem = null;
        foreach (var folder in Folders(output, query))
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

/// <summary>What a sweep says of comparisons.</summary>
/// <param name="Metric">What its cells are compared by, as in a run's summary.</param>
/// <param name="By">The axis along which; null where none is said.</param>
/// <param name="Baseline">The value with which; null where none is said.</param>
/// <param name="Delta">The difference that does not matter; null where none is said.</param>
/// <param name="Until">Fewest and most seeds, where they were added until its comparisons were
/// decided; null otherwise.</param>
/// <param name="Average">The axes over which its runs are means.</param>
public sealed record SweepQuestion(string Metric, string? By, string? Baseline, double? Delta, UntilDecided? Until, IReadOnlyList<string> Average);
