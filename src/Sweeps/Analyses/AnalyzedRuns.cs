using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>Finds the runs that a user wants analyzed.</summary>
public static class AnalyzedRuns
{
    /// <summary>
    /// Runs by a sweep's folder, a run folder, a folder of runs, the name of a pipeline (of whose
    /// sweeps the newest counts) or a run's id. Runs of a sweep carry its axes as their settings.
    /// </summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="texts">What the user typed.</param>
    /// <param name="notes">Takes what was left out, and why.</param>
    /// <param name="problems">Takes why there is none, of each text.</param>
    /// <param name="counterfactuals">Who trains a run again with something missing; null for
    /// nobody.</param>
    /// <returns>Each run once.</returns>
    public static IReadOnlyList<IRunRecords> Find(
        string output, IEnumerable<string> texts, ICollection<string> notes, ICollection<string> problems,
        Func<RunEntry, ICounterfactuals>? counterfactuals = null)
    {
        var (runs, folders) = (new List<IRunRecords>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var text in texts)
        {
            foreach (var (entry, settings) in Find(output, text, notes, problems))
            {
                if (!folders.Add(entry.Folder))
                {
                    continue;
                }

                if (RecordedRun.Open(entry, settings, counterfactuals?.Invoke(entry)) is { } run)
                {
                    runs.Add(run);
                }
                else
                {
                    notes.Add(entry.Problem ?? $"{entry.Folder}: it has no run.json; it is left out");
                }
            }
        }

        return runs;
    }

    private static IEnumerable<(RunEntry Entry, IReadOnlyDictionary<string, string>? Settings)> Find(
        string output, string text, ICollection<string> notes, ICollection<string> problems)
    {
        foreach (var folder in ComparisonOperand.Folders(output, text))
        {
            if (SweepRuns.FileIn(folder) is { } file)
            {
                return OfSweep(file, text, notes, problems);
            }
        }

        var entries = ComparisonOperand.Entries(output, text, out var problem);
        if (problem is not null)
        {
            problems.Add(problem);
        }

        return entries.Select(entry => (entry, (IReadOnlyDictionary<string, string>?)null));
    }

    private static List<(RunEntry Entry, IReadOnlyDictionary<string, string>? Settings)> OfSweep(
        string file, string text, ICollection<string> notes, ICollection<string> problems)
    {
        var runs = new List<(RunEntry Entry, IReadOnlyDictionary<string, string>? Settings)>();
        try
        {
            var sweep = SweepRuns.FolderOf(file);
            var document = sweep.Read();
            var gone = 0;
            foreach (var (cell, level, row) in SweepRuns.Completed(document, new SweepStore(sweep.Claims, new Dictionary<string, CompletedRun>())))
            {
                if (row.Folder.Length > 0 && RunReader.Read(Path.Combine(sweep.Output, row.Folder)) is { } entry)
                {
                    var settings = SweepRuns.ValuesOf(document, cell);
                    settings["seed"] = $"{level.Seed} {level.Streams}".TrimEnd();
                    runs.Add((entry, settings));
                }
                else
                {
                    gone++;
                }
            }

            if (gone > 0)
            {
                notes.Add($"{text}: the folders of {gone} runs of sweep {document.Id} are gone; they are left out");
            }

            if (runs.Count == 0)
            {
                problems.Add($"{text}: no run of this sweep is complete and still there, so there is nothing to analyze.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            problems.Add($"{file}: cannot be read: {e.Message}");
        }

        return runs;
    }
}
