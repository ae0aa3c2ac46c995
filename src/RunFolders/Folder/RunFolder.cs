using System.Globalization;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders;

/// <summary>
/// The folder of one run, <c>OUTPUT/NAME/ID-ATTEMPT/</c>, from its making to its end. Its lock is
/// held until <see cref="Dispose"/>; a folder whose
/// <c>run.json</c> says running and whose lock is free belongs to a run that was interrupted.
/// </summary>
public sealed class RunFolder : IDisposable
{
    internal const string PipelineFileName = "pipeline.json";

    // Bytes that the last run.json has beyond the present one: summary, notes, a long message.
    private const int RoomForTheEnd = 16 * 1024;

    private readonly RunLock runLock;
    private RunDocument? document;

    private RunFolder(string path, string name, string id, int attempt, RunLock runLock)
    {
        (FullPath, Name, Id, Attempt) = (path, name, id, attempt);
        this.runLock = runLock;
    }

    /// <summary>Full path of the folder.</summary>
    public string FullPath { get; }

    /// <summary>The pipeline's name.</summary>
    public string Name { get; }

    /// <summary>Hash of the canonical resolved pipeline.</summary>
    public string Id { get; }

    /// <summary>Number of the run among those of the same id, from 1.</summary>
    public int Attempt { get; }

    private string DocumentPath => Path.Combine(FullPath, RunDocument.FileName);

    private RunDocument Document => document ?? throw new InvalidOperationException($"{FullPath}: Start comes first.");

    /// <summary>
    /// Makes the folder of the next attempt; of runs that start at the same moment each gets its
    /// own.
    /// </summary>
    /// <param name="output">The folder of all runs, <c>runs</c> unless told otherwise.</param>
    /// <param name="name">The pipeline's name; characters that are no letter, digit, <c>.</c>,
    /// <c>_</c> or <c>-</c> become <c>-</c> in the path.</param>
    /// <param name="id">Letters and digits.</param>
    /// <exception cref="RecorderException">The folder cannot be made.</exception>
    public static RunFolder Create(string output, string name, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var parent = Path.GetFullPath(Path.Combine(output, DirectoryName(name)));
        try
        {
            Directory.CreateDirectory(parent);
            for (var attempt = NextAttempt(parent, id); ; attempt++)
            {
                var path = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{id}-{attempt}"));
                Directory.CreateDirectory(path);
                if (RunLock.TryCreate(path) is { } taken)
                {
                    return new RunFolder(path, name, id, attempt, taken);
                }
            }
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(parent, e);
        }
    }

    /// <summary>
    /// Takes the folder of a run that ended early; <see cref="GoOn"/> comes next. Until the lock is
    /// held another process may go on with the run, so <c>run.json</c> is read again, and
    /// checkpoints are to be opened after this.
    /// </summary>
    /// <param name="run">As read.</param>
    /// <exception cref="RecorderException">Another process has the run, or has ended it in order
    /// meanwhile.</exception>
    public static RunFolder Reopen(RunEntry run)
    {
        var taken = RunLock.TryTake(run.Folder) ?? throw new RecorderException(run.Folder, "another process is running it");
        try
        {
            var now = RunReader.Read(run.Folder);
            return now?.Document is not { } earlier
                ? throw new RecorderException(run.Folder, now?.Problem ?? "it has no run.json")
                : earlier.Status is RunStatus.Completed or RunStatus.Diverged
                    ? throw new RecorderException(run.Folder, $"another process went on with it, and it is {earlier.Status.ToString().ToLowerInvariant()}")
                    : new RunFolder(run.Folder, earlier.Name, earlier.Id, run.Attempt, taken) { document = earlier };
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Says that the run goes on from a checkpoint, and removes what an earlier process kept of
    /// versions beyond it.
    /// </summary>
    /// <param name="from">The checkpoint's header.</param>
    /// <exception cref="RecorderException">The folder cannot be written.</exception>
    public void GoOn(CheckpointHeader from)
    {
        new CheckpointFolder(FullPath).RemoveBeyond(from.Version);
        SnapshotFiles.RemoveBeyond(FullPath, from.Version);
        Write(Document with { Attempt = Attempt, Status = RunStatus.Running, Message = null, Resumed = new(DateTimeOffset.UtcNow, from.WallSeconds), Ended = null, Digest = null, Summary = null });
        ReserveTheEnd();
    }

    /// <summary>Writes <c>pipeline.json</c> and <c>run.json</c> with status running.</summary>
    /// <param name="pipeline">The resolved pipeline, JSON.</param>
    /// <param name="run">What is known before the first pull.</param>
    /// <param name="vectors">Of the environment; null where the model does not say.</param>
    /// <exception cref="RecorderException">A file cannot be written.</exception>
    public void Start(string pipeline, RunDescription run, string? vectors = null)
    {
        WholeFile.Write(Path.Combine(FullPath, PipelineFileName), Encoding.UTF8.GetBytes(pipeline));
        document = new RunDocument
        {
            Id = Id,
            Attempt = Attempt,
            Name = Name,
            Status = RunStatus.Running,
            Started = DateTimeOffset.UtcNow,
            Run = run,
            Environment = RunEnvironment.Capture(vectors),
        };
        Write(document);
        ReserveTheEnd();
    }

    /// <summary>Writes <c>run.json</c> of another attempt as this one's.</summary>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    internal void Adopt(RunDocument other) =>
        Write(other with { Attempt = Attempt, Status = RunStatus.Running, Message = null, Ended = null, Digest = null, Summary = null });

    /// <summary>Writes <c>partitions.csv</c>.</summary>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public void WritePartitions(PartitionSkew skew) => WholeFile.Write(Path.Combine(FullPath, PartitionRows.FileName), PartitionRows.Format(skew));

    /// <summary>Writes <c>groups.csv</c>.</summary>
    /// <param name="parts">Row numbers, by part.</param>
    /// <param name="groups">The natural group of each training sample.</param>
    /// <param name="names">Of the groups.</param>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public void WriteGroups(IReadOnlyList<ReadOnlyMemory<int>> parts, ReadOnlySpan<int> groups, IReadOnlyList<string> names) =>
        WholeFile.Write(Path.Combine(FullPath, GroupRows.FileName), GroupRows.Format(parts, groups, names));

    /// <summary>The summary of a run of which nothing more will be recorded.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="recorder">Finished or disposed; null where the run ended before it had
    /// one.</param>
    public RunSummary Summarize(RunOutcome outcome, Recorder? recorder) =>
        Summaries.Make(Document, FullPath, outcome, recorder?.Statistics ?? new RunStatistics(), recorder?.Digest);

    /// <summary>
    /// Writes <c>run.json</c> for the last time, on a full disk too: its room was taken at the
    /// start.
    /// </summary>
    /// <exception cref="RecorderException">The file cannot be written; it still says running and
    /// reads as interrupted once the lock is free.</exception>
    public void Finish(RunSummary summary) => Write(Document with
    {
        Status = summary.Status,
        Message = summary.Message,
        Ended = DateTimeOffset.UtcNow,
        Digest = summary.Digest,
        Summary = summary,
    });

    /// <summary>
    /// Frees the lock. Without <see cref="Finish"/> before, the run reads as interrupted.
    /// </summary>
    public void Dispose() => runLock.Dispose();

    /// <summary>A pipeline's name as a part of a path.</summary>
    public static string DirectoryName(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.');
        return safe.Length == 0 ? "unnamed" : safe;
    }

    /// <summary>Splits <c>ID-ATTEMPT</c>.</summary>
    internal static bool TrySplit(ReadOnlySpan<char> directory, out string id, out int attempt)
    {
        var dash = directory.LastIndexOf('-');
        attempt = 0;
        var fits = dash > 0 && int.TryParse(directory[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out attempt) && attempt > 0;
        id = fits ? directory[..dash].ToString() : "";
        return fits;
    }

    private static int NextAttempt(string parent, string id)
    {
        var last = 0;
        foreach (var path in Directory.EnumerateDirectories(parent, id + "-*"))
        {
            if (TrySplit(Path.GetFileName(path.AsSpan()), out var found, out var attempt) && found == id)
            {
                last = Math.Max(last, attempt);
            }
        }

        return last + 1;
    }

    private void Write(RunDocument next)
    {
        WholeFile.Write(DocumentPath, Encoding.UTF8.GetBytes(next.ToJson() + "\n"));
        document = next;
    }

    // As many hosts and class names as the present one has are in the last one too.
    private void ReserveTheEnd() => WholeFile.Reserve(DocumentPath, checked((int)new FileInfo(DocumentPath).Length) + RoomForTheEnd);
}
