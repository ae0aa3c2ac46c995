using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// The folder of one run's claims, <c>OUTPUT/.sweeps/KEY/</c>. Names tell the state: claim N
/// belongs to whoever made <c>claim-N</c>, beats in <c>beat-N</c>, and is over with <c>end-N</c>;
/// the run is over with <c>done</c>. Nothing here is ever changed except beats, and nothing is
/// removed.
/// </summary>
/// <param name="path">The folder.</param>
internal sealed class ClaimFolder(string path)
{
    private const string Claim = "claim-";
    private const string Retry = "retry-";
    private const string Done = "done";
    private const string Stale = "stale-";
    private const string Reopened = "reopened";

    // A run whose process died of it twice is not tried a third time; one that was killed may have
    // been in the way of somebody who meant others.
    private const int MostCrashes = 2;
    private const int MostKills = 5;

    public string FullPath => path;

    /// <summary>What the folder says now.</summary>
    public RunClaims Read()
    {
        // Most of a sweep's folders are not there yet, and an exception for each takes long.
        if (!Directory.Exists(path))
        {
            return RunClaims.None;
        }

        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file))];
        }
        catch (DirectoryNotFoundException)
        {
            return RunClaims.None;
        }

        if (names.Contains(Done))
        {
            return new RunClaims(ClaimState.Done, Highest(names, Claim), null);
        }

        var last = Highest(names, Claim);
        if (last == 0)
        {
            return RunClaims.None;
        }

        var end = ReadEnd(last);
        return end is null ? new RunClaims(ClaimState.Claimed, last, null) : new RunClaims(IsGivenUp(end, last, Highest(names, Retry)) ? ClaimState.Failed : ClaimState.Free, last, end);
    }

    /// <summary>Makes a claim; false where somebody else has it.</summary>
    public bool TryClaim(int number, ProcessIdentity owner, string? build)
    {
        Directory.CreateDirectory(path);
        return AtomicFile.TryCreate(At(Claim, number), Bytes(new ClaimRecord(owner, build), ClaimJson.Line.ClaimRecord));
    }

    public bool HasClaim(int number) => File.Exists(At(Claim, number));

    /// <summary>Who made a claim; null where it cannot be read.</summary>
    public ProcessIdentity? Owner(int number) => Parse(At(Claim, number), ClaimJson.Line.ClaimRecord)?.Owner;

    /// <summary>The build of whoever made a claim; null where it is not known.</summary>
    public string? Build(int number) => Parse(At(Claim, number), ClaimJson.Line.ClaimRecord)?.Build;

    public void WriteBeat(int number, long count)
    {
        // In place: a reader who sees half of a number sees another one, and that is all that a
        // beat says.
        using var file = File.OpenHandle(At("beat-", number), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes(count.ToString("D18", CultureInfo.InvariantCulture)), 0);
    }

    /// <summary>The beat as it stands; empty before the first.</summary>
    public string ReadBeat(int number)
    {
        try
        {
            using var file = RegularFile.Open(At("beat-", number), bufferSize: 0);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    /// <summary>Says how a claim ended; what was said first stays.</summary>
    public bool TryEnd(int number, AttemptEnd how, string? message, string writer) =>
        AtomicFile.TryCreate(At("end-", number), Bytes(new EndRecord(how, message, writer), ClaimJson.Line.EndRecord));

    public EndRecord? ReadEnd(int number) => Parse(At("end-", number), ClaimJson.Line.EndRecord);

    public void WriteAttempt(int number, string folder) => WholeFile.WriteAmongOthers(At("attempt-", number), Bytes(new AttemptRecord(folder), ClaimJson.Line.AttemptRecord));

    /// <summary>The folder that a claim wrote; null where it made none.</summary>
    public string? ReadAttempt(int number) => Parse(At("attempt-", number), ClaimJson.Line.AttemptRecord)?.Folder;

    /// <summary>Takes back that a run has failed, up to a claim.</summary>
    public void Forgive(int number) => AtomicFile.TryCreate(At(Retry, number), System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")));

    /// <summary>
    /// Completes the run. A second completion is compared and kept beside; it counts nowhere.
    /// </summary>
    /// <returns>The completion that counts.</returns>
    public CompletedRun Complete(CompletedRun run)
    {
        Directory.CreateDirectory(path);
        if (AtomicFile.TryCreate(Path.Combine(path, Done), Bytes(run, ClaimJson.Line.CompletedRun)))
        {
            return run;
        }

        var first = ReadDone() ?? throw new IOException($"{path}: its completion cannot be read.");
        if (first != run)
        {
            var isSame = !run.IsVirtual || first.Digest == run.Digest;
            AtomicFile.TryCreate(At("again-", run.Claim), Bytes(new SecondCompletion(run, isSame), ClaimJson.Line.SecondCompletion));
        }

        return first;
    }

    /// <summary>Says what the run had come to at a mark; the same whoever says it.</summary>
    public void WriteRung(RungResult rung)
    {
        Directory.CreateDirectory(path);
        WholeFile.WriteAmongOthers(RungFile(rung.Mark), Bytes(rung, ClaimJson.Line.RungResult));
    }

    /// <summary>What the run had come to at a mark; null where nobody has said it.</summary>
    public RungResult? ReadRung(double mark) => Parse(RungFile(mark), ClaimJson.Line.RungResult);

    /// <summary>
    /// Takes a completion that counts no longer out of the way; false where it is gone already.
    /// </summary>
    public bool Retire(CompletedRun completed) => Retire(Stale + completed.Build, $"completed by build {completed.Build}, which counts no longer", completed.Build);

    /// <summary>
    /// Takes a completion out of the way that stands in the way of its run: nobody can read it, or
    /// nobody can see any more what it had come to at a mark.
    /// </summary>
    /// <param name="mark">The mark that is wanted of it; null for its end.</param>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="writer">Who does it.</param>
    /// <returns>Why; null where it is in nobody's way.</returns>
    public string? Reopen(double? mark, string output, string writer)
    {
        if (Read().State != ClaimState.Done)
        {
            return null;
        }

        var reason = ReadDone() is not { } done ? "its completion cannot be read"
            : mark is { } epoch && ReadRung(epoch) is null && !Directory.Exists(Path.Combine(output, done.Folder)) ? $"its folder {done.Folder} is gone, which says what it had come to at epoch {epoch.ToString(CultureInfo.InvariantCulture)}"
            : null;
        return reason is not null && Retire(Reopened, reason, writer) ? reason : null;
    }

    private bool Retire(string name, string reason, string writer)
    {
        try
        {
            // Of several that try it one moves the file. Another may find the claim without a
            // completion, and its process gone, end it first, and claim the run anew.
            var last = Read().Last;
            File.Move(Path.Combine(path, Done), Path.Combine(path, name), overwrite: true);
            if (last > 0)
            {
                TryEnd(last, AttemptEnd.Lost, reason, writer);
            }

            return true;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Builds whose completions count no longer.</summary>
    public IReadOnlyList<string> ReadStale() => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, Stale + "*").Select(file => Path.GetFileName(file)[Stale.Length..]).Order(StringComparer.Ordinal)]
        : [];

    public CompletedRun? ReadDone() => Parse(Path.Combine(path, Done), ClaimJson.Line.CompletedRun);

    /// <summary>Completions beside the one that counts.</summary>
    public IReadOnlyList<SecondCompletion> ReadSeconds() => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "again-*").Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file => Parse(file, ClaimJson.Line.SecondCompletion)).OfType<SecondCompletion>()]
        : [];

    private bool IsGivenUp(EndRecord last, int number, int forgiven)
    {
        if (number <= forgiven)
        {
            return false;
        }

        if (last.How is AttemptEnd.Failed)
        {
            return true;
        }

        var ends = Enumerable.Range(forgiven + 1, number - forgiven).Select(ReadEnd).OfType<EndRecord>().ToList();
        return ends.Count(end => end.How == AttemptEnd.Crashed) >= MostCrashes || ends.Count(end => end.How == AttemptEnd.Killed) >= MostKills;
    }

    private string At(string kind, int number) => Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{kind}{number}"));

    private string RungFile(double mark) => Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"epoch-{mark:R}"));

    private static int Highest(string[] names, string kind)
    {
        var highest = 0;
        foreach (var name in names)
        {
            if (name.StartsWith(kind, StringComparison.Ordinal) && int.TryParse(name.AsSpan(kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                highest = Math.Max(highest, number);
            }
        }

        return highest;
    }

    private static byte[] Bytes<T>(T record, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(record, type);

    private static T? Parse<T>(string file, JsonTypeInfo<T> type) where T : class
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = RegularFile.Open(file);
            return JsonSerializer.Deserialize(stream, type);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>How a run stands among its claimants.</summary>
internal enum ClaimState
{
    /// <summary>Nobody has it.</summary>
    Free,

    /// <summary>Somebody made a claim that is not over.</summary>
    Claimed,

    /// <summary>It is over.</summary>
    Done,

    /// <summary>
    /// It failed, or too many processes died of it; nobody tries it again unless told to.
    /// </summary>
    Failed,
}

/// <summary>What a run's claims say.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Last">The highest claim; 0 without any.</param>
/// <param name="End">How that claim ended; null while it has not, and where the run is
/// done.</param>
internal sealed record RunClaims(ClaimState State, int Last, EndRecord? End)
{
    public static RunClaims None { get; } = new(ClaimState.Free, 0, null);
}
