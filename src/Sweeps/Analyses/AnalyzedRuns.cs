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
    /// <param name="ledgers">Where ledgers lie: runs of a sweep whose folder is gone are what their
    /// rows say, an outcome.</param>
    /// <param name="texts">What the user typed.</param>
    /// <param name="notes">Takes what was left out, and why.</param>
    /// <param name="problems">Takes why there is none, of each text.</param>
    /// <param name="counterfactuals">Who trains a run again with something missing; null for
    /// nobody.</param>
    /// <returns>Each run once.</returns>
    public static IReadOnlyList<IRunRecords> Find(
        string output, string ledgers, IEnumerable<string> texts, ICollection<string> notes, ICollection<string> problems,
        Func<RunEntry, ICounterfactuals>? counterfactuals = null)
    {
        var (runs, titles) = (new List<IRunRecords>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var text in texts)
        {
            runs.AddRange(Find(output, ledgers, text, notes, problems, counterfactuals).Where(run => titles.Add(run.Place)).Select(run => run.Records));
        }

        return runs;
    }

    /// <summary>The runs of a sweep that are complete, its axes as their settings.</summary>
    /// <param name="sweep">Its folder.</param>
    /// <param name="ledgers">Where ledgers lie.</param>
    /// <param name="notes">Takes what was left out, and why.</param>
    /// <param name="counts">Which of them count, by their keys: a short run may reach its end before it
    /// is seen that it was to pause at a mark.</param>
    public static IReadOnlyList<IRunRecords> Of(SweepFolder sweep, string ledgers, ICollection<string> notes, Func<string, bool> counts) =>
        [.. OfSweep(sweep, ledgers, sweep.FullPath, notes, null, counts).Select(run => run.Records)];

    private static IEnumerable<(string Place, IRunRecords Records)> Find(
        string output, string ledgers, string text, ICollection<string> notes, ICollection<string> problems, Func<RunEntry, ICounterfactuals>? counterfactuals)
    {
        foreach (var file in ComparisonOperand.Folders(output, text).Select(SweepRuns.FileIn).OfType<string>())
        {
            try
            {
                var runs = OfSweep(SweepRuns.FolderOf(file), ledgers, text, notes, counterfactuals);
                if (runs.Count == 0)
                {
                    problems.Add($"{text}: no run of this sweep is complete and still there, nor in a ledger of {ledgers}, so there is nothing to analyze.");
                }

                return runs;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
            {
                problems.Add($"{file}: cannot be read: {e.Message}");
                return [];
            }
        }

        var entries = ComparisonOperand.Entries(output, text, out var problem);
        if (problem is not null)
        {
            problems.Add(problem);
        }

        return entries.Select(entry => (entry.Folder, Records: (IRunRecords?)Open(entry, null, notes, counterfactuals)))
            .Where(run => run.Records is not null).Select(run => (run.Folder, run.Records!));
    }

    private static RecordedRun? Open(RunEntry entry, IReadOnlyDictionary<string, string>? settings, ICollection<string> notes, Func<RunEntry, ICounterfactuals>? counterfactuals)
    {
        var run = RecordedRun.Open(entry, settings, counterfactuals?.Invoke(entry));
        if (run is null)
        {
            notes.Add(entry.Problem ?? $"{entry.Folder}: it has no run.json; it is left out");
        }

        return run;
    }

    private static List<(string Place, IRunRecords Records)> OfSweep(
        SweepFolder sweep, string ledgers, string text, ICollection<string> notes, Func<RunEntry, ICounterfactuals>? counterfactuals,
        Func<string, bool>? counts = null)
    {
        var document = sweep.Read();
        var (runs, gone) = (new List<(string Place, IRunRecords Records)>(), new List<(CompletedRun Row, SortedDictionary<string, string> Settings)>());
        foreach (var (cell, level, row) in SweepRuns.Completed(document, new SweepStore(sweep.Claims, Ledger.Read(ledgers, document.Name, [])))
            .Where(run => counts is null || counts(run.Row.Key)))
        {
            var settings = SweepRuns.ValuesOf(document, cell);
            settings["seed"] = $"{level.Seed} {level.Streams}".TrimEnd();
            if (row.Folder.Length > 0 && RunReader.Read(Path.Combine(sweep.Output, row.Folder)) is { } entry && Open(entry, settings, notes, counterfactuals) is { } run)
            {
                runs.Add((entry.Folder, run));
            }
            else
            {
                gone.Add((row, settings));
            }
        }

        if (gone.Count > 0)
        {
            var classes = runs.Count > 0 ? runs[0].Records.Facts.Classes : 0;
            var places = Ledger.PlacesIn(ledgers, document.Name);
            var known = gone.Where(run => places.ContainsKey(run.Row.Key) && (run.Row.TestLoss is not null || classes > 0)).ToList();
            runs.AddRange(known.Select(run => (run.Row.Key, (IRunRecords)new LedgerRun(Facts(document, run.Row, run.Settings, classes), run.Row, places[run.Row.Key]))));
            notes.Add($"{text}: the folders of {gone.Count} runs of sweep {document.Id} are gone; of {known.Count} the ledger has the outcome, the others are left out");
        }

        return runs;
    }

    private static RunFacts Facts(SweepDocument document, CompletedRun row, IReadOnlyDictionary<string, string> settings, int classes) => new()
    {
        Name = document.Name,
        Id = row.Key,
        Attempt = 0,
        Status = row.End,
        Clock = row.IsVirtual ? ClockKind.Virtual : ClockKind.Wall,
        Workers = 1,
        Classes = classes,
        KernelPath = row.KernelPath,
        Digest = row.Digest,
        WallSeconds = row.WallSeconds,
        Settings = settings,
    };
}
