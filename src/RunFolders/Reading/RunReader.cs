using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// Reads run folders, whatever state they are in: what is wrong with one is a message beside it,
/// never an exception.
/// </summary>
public static class RunReader
{
    // With some thousands of worker hosts.
    private const int LargestDocument = 8 << 20;

    private const string InterruptedMessage = "The run's process ended without closing it.";

    /// <summary>
    /// All runs under a folder of runs, <c>NAME/ID-ATTEMPT/</c>; other folders are passed over.
    /// </summary>
    /// <param name="output">The folder of all runs; one that is absent holds none.</param>
    public static RunListing List(string output)
    {
        var problems = new List<string>();
        var folders = Folders(output, problems).ToList();
        var read = new RunEntry?[folders.Count];
        Parallel.For(0, folders.Count, i => read[i] = Read(folders[i]));
        var runs = read.OfType<RunEntry>().ToList();
        problems.AddRange(runs.Where(r => r.Problem is not null).Select(r => r.Problem!));
        return new RunListing([.. runs.OrderBy(r => r.Started).ThenBy(r => r.Folder, StringComparer.Ordinal)], problems);
    }

    /// <summary>
    /// The runs in a folder, <c>ID-ATTEMPT/</c>, and in its subfolders, <c>NAME/ID-ATTEMPT/</c>;
    /// oldest first.
    /// </summary>
    /// <param name="folder">A pipeline's folder of runs, or the folder of all runs.</param>
    public static IReadOnlyList<RunEntry> Under(string folder)
    {
        var runs = Subfolders(folder, []).Concat(Folders(folder, [])).Select(Read).OfType<RunEntry>();
        return [.. runs.OrderBy(r => r.Started).ThenBy(r => r.Folder, StringComparer.Ordinal)];
    }

    /// <summary>The run in a folder; null where the folder is not a run's.</summary>
    public static RunEntry? Read(string folder)
    {
        // As shells complete it, a folder ends in a separator.
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!RunFolder.TrySplit(Path.GetFileName(path.AsSpan()), out var id, out var attempt))
        {
            return null;
        }

        try
        {
            return ReadEntry(path, id, attempt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, id, attempt, RunStatus.Interrupted, $"{path}: cannot be read: {e.Message}");
        }
    }

    /// <summary>
    /// The run's summary: the one in <c>run.json</c>, or else as far as its rows reach. Null where
    /// <c>run.json</c> cannot be read.
    /// </summary>
    /// <param name="run">As read.</param>
    /// <param name="problems">Takes what is wrong with the rows.</param>
    public static RunSummary? Summarize(RunEntry run, ICollection<string> problems)
    {
        if (run.Document is not { } document || document.Summary is not null)
        {
            // A folder that was copied or moved is shown as what it is now.
            return run.Document?.Summary is { } written
                ? written with { Folder = run.Folder, Name = run.Name, Id = run.Id, Attempt = run.Attempt, Report = ReportOf(run.Folder) }
                : null;
        }

        return Summarize(run, ReadStatistics(run.Folder, problems));
    }

    /// <summary>
    /// The summary of a run as far as somebody has read its rows; the one in <c>run.json</c> is not
    /// asked for. Null where <c>run.json</c> cannot be read.
    /// </summary>
    /// <param name="run">As read.</param>
    /// <param name="records">Of the rows.</param>
    public static RunSummary? Summarize(RunEntry run, RunStatistics records)
    {
        if (run.Document is not { } document)
        {
            return null;
        }

        var outcome = new RunOutcome
        {
            Status = run.Status,
            Message = document.Message ?? (run.Status == RunStatus.Interrupted ? InterruptedMessage : null),
            WallSeconds = document.Resumed is { } resumed
                ? Math.Max(0, resumed.WallSeconds) + Math.Max(0, (LastWrite(run.Folder) - resumed.At).TotalSeconds)
                : Math.Max(0, (LastWrite(run.Folder) - document.Started).TotalSeconds),
            VirtualSeconds = document.Run.IsVirtual ? records.LastAt / 1e9 : null,
        };
        var summary = Summaries.Make(document with { Name = run.Name, Id = run.Id, Attempt = run.Attempt }, run.Folder, outcome, records, document.Digest);
        return summary with { Report = ReportOf(run.Folder) };
    }

    private static string? ReportOf(string folder) => Path.Combine(folder, RunSummary.ReportFileName) is var file && File.Exists(file) ? file : null;

    /// <summary>The folders that look like runs, by their names alone.</summary>
    /// <param name="output">The folder of all runs; one that is absent holds none.</param>
    /// <param name="problems">Takes folders that cannot be read.</param>
    public static IEnumerable<string> Folders(string output, ICollection<string> problems)
    {
        foreach (var name in Subfolders(output, problems))
        {
            foreach (var folder in Subfolders(name, problems))
            {
                if (RunFolder.TrySplit(Path.GetFileName(folder.AsSpan()), out _, out _))
                {
                    yield return folder;
                }
            }
        }
    }

    private static string[] Subfolders(string folder, ICollection<string> problems)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetDirectories(Path.GetFullPath(folder)) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{folder}: cannot be read: {e.Message}");
            return [];
        }
    }

    private static RunEntry? ReadEntry(string folder, string id, int attempt)
    {
        var file = Path.Combine(folder, RunDocument.FileName);
        if (!File.Exists(file) && new FileInfo(file).LinkTarget is null)
        {
            // Killed, or still, between the making of the folder and the first run.json.
            var isRun = File.Exists(Path.Combine(folder, RunLock.FileName));
            return isRun ? Unreadable(folder, id, attempt, StatusByLock(folder), null) : null;
        }

        if (!TryParse(file, out var document, out var problem))
        {
            return Unreadable(folder, id, attempt, StatusByLock(folder), problem);
        }

        if (document.Status == RunStatus.Running && StatusByLock(folder) == RunStatus.Interrupted)
        {
            // It may have ended since run.json was read: the last run.json is written before the
            // lock is freed.
            document = TryParse(file, out var last, out _) ? last : document;
            return Entry(folder, id, attempt, document, document.Status == RunStatus.Running ? RunStatus.Interrupted : document.Status);
        }

        return Entry(folder, id, attempt, document, document.Status);
    }

    private static RunStatus StatusByLock(string folder) => RunLock.IsHeld(folder) ? RunStatus.Running : RunStatus.Interrupted;

    private static bool TryParse(string file, [NotNullWhen(true)] out RunDocument? document, [NotNullWhen(false)] out string? problem)
    {
        (document, problem) = (null, null);
        try
        {
            var bytes = RegularFile.ReadAllBytes(file, LargestDocument);
            problem = RunDocument.Newer(bytes) is { } newer
                ? $"{file}: it has schema version {newer}, of a newer version of this program, which reads {RunDocument.CurrentSchemaVersion}"
                : null;
            document = problem is null ? RunDocument.Parse(bytes) : null;
            return problem is null;
        }
        catch (JsonException e)
        {
            problem = $"{file}: no run.json of schema version {RunDocument.CurrentSchemaVersion}: {e.Message}";
            return false;
        }
    }

    private static RunEntry Entry(string folder, string id, int attempt, RunDocument document, RunStatus status) => new()
    {
        Folder = folder,
        Name = Parent(folder) is var parent && RunFolder.DirectoryName(document.Name) == parent ? document.Name : parent,
        Id = id,
        Attempt = attempt,
        Status = status,
        Started = document.Started,
        Document = document,
    };

    private static RunEntry Unreadable(string folder, string id, int attempt, RunStatus status, string? problem) => new()
    {
        Folder = folder,
        Name = Parent(folder),
        Id = id,
        Attempt = attempt,
        Status = status,
        Started = new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder)),
        Problem = problem,
    };

    private static string Parent(string folder) => Path.GetFileName(Path.GetDirectoryName(folder)) ?? "";

    internal static RunStatistics ReadStatistics(string folder, ICollection<string> problems)
    {
        var records = new RunStatistics();
        using var updates = RunRows.Updates(folder);
        while (updates.TryRead(out var push))
        {
            records.Add(in push);
        }

        using var evaluations = RunRows.Evaluations(folder);
        while (evaluations.TryRead(out var evaluation))
        {
            records.Add(in evaluation);
        }

        foreach (var problem in new[] { updates.Problem, evaluations.Problem })
        {
            if (problem is not null)
            {
                problems.Add(problem);
            }
        }

        return records;
    }

    private static DateTimeOffset LastWrite(string folder) =>
        new[] { RunDocument.FileName, UpdateRows.FileName, EvaluationRows.FileName, EventRows.FileName }
            .Max(name => new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, name))));
}
