using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.Sweeps;

/// <summary>How jobs ended.</summary>
/// <param name="WasStopped">Whether they were told to.</param>
/// <param name="Trouble">Why they ended before the sweep did, other than being told to; null where
/// they did not.</param>
/// <param name="IsOutOfTime">Whether the time of one of them, which had been enough, was
/// over.</param>
public sealed record JobsEnd(bool WasStopped, string? Trouble, bool IsOutOfTime = false);

/// <summary>What one job does now.</summary>
/// <param name="Run">The run, for people; null where it has none.</param>
/// <param name="Share">How much of it is done, 0 to 1.</param>
/// <param name="Process">The process's number.</param>
public sealed record JobView(string? Run, double Share, int Process);

/// <summary>
/// The claimant processes of one <c>run</c>. One that dies is replaced, and what it died of is
/// written beside its claim, so that others go on with its run at once; a run that processes keep
/// dying of is given up.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="start">Makes what one is started with.</param>
/// <param name="claims">Where claims lie.</param>
/// <param name="tell">Told what they tell.</param>
public sealed class Jobs(int count, Func<ProcessStartInfo> start, string claims, Action<ClaimantMessage> tell)
{
    // Processes that end before they have had any run would end so for ever.
    private const int MostFalseStarts = 3;
    private static readonly TimeSpan Farewell = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly List<ClaimantProcess> running = [];
    private readonly ManualResetEventSlim over = new();
    private string? trouble;
    private bool isStopping;
    private bool isOutOfTime;
    private int falseStarts;

    /// <summary>What the jobs do now.</summary>
    public IReadOnlyList<JobView> Views
    {
        get
        {
            lock (gate)
            {
                return [.. running.Select(job => new JobView(job.Current?.Run, job.Current?.Share ?? 0, job.Id))];
            }
        }
    }

    /// <summary>
    /// Starts them and waits until nothing is left to run, or they are told to stop.
    /// </summary>
    public JobsEnd Run(CancellationToken stop)
    {
        for (var i = 0; i < count; i++)
        {
            Add();
        }

        WaitHandle.WaitAny([over.WaitHandle, stop.WaitHandle]);
        StopAll();
        return new JobsEnd(stop.IsCancellationRequested, trouble, isOutOfTime);
    }

    private void Add()
    {
        lock (gate)
        {
            if (isStopping)
            {
                return;
            }

            try
            {
                running.Add(new ClaimantProcess(start(), tell, Ended));
            }
            catch (Exception failure) when (failure is Win32Exception or IOException or InvalidOperationException)
            {
                trouble ??= $"a process cannot be started: {failure.Message}. Nothing is lost; the same command goes on.";
                over.Set();
            }
        }
    }

    private void Ended(ClaimantProcess job)
    {
        var (death, run) = (job.Death, job.Current);
        if (death is { } how && run is { Key: { } key, Claim: > 0 })
        {
            End(key, run.Claim, isStopping ? AttemptEnd.Released : how, job.LastWords);
            tell(new ClaimantMessage(MessageKind.Warning, Text: job.IsKilled
                ? $"the process of {run.Run} was killed: told to end, it went on for {Farewell.TotalMinutes:0} minutes; it computes something that does not return, or very long"
                : $"the process of {run.Run} {(how == AttemptEnd.Killed ? "was killed" : "died")} (exit code {job.ExitCode}){(job.LastWords.Length == 0 ? "" : ": " + job.LastWords)}"));
        }

        bool isReplaced;
        lock (gate)
        {
            running.Remove(job);
            isOutOfTime |= job.ExitCode == ClaimantExit.OutOfTime;
            falseStarts = death is not null && !job.HasBegun ? falseStarts + 1 : 0;
            if (job.ExitCode == ClaimantExit.NoRoom)
            {
                trouble ??= "the folder of runs cannot be written: the disk is full, or the folder is gone. Nothing is lost; make room, and the same command goes on.";
            }
            else if (job.ExitCode == ClaimantExit.Edited)
            {
                trouble ??= "a file that runs read was edited while the sweep ran. Nothing is lost: put it back, and the same command goes on; with the file as it is now, it begins another sweep.";
            }
            else if (falseStarts >= MostFalseStarts)
            {
                trouble ??= $"{MostFalseStarts} processes in a row ended before they had a run: {job.LastWords}";
            }

            isReplaced = death is not null && trouble is null && !isStopping;
            if (trouble is not null || (running.Count == 0 && !isReplaced))
            {
                over.Set();
            }
        }

        if (isReplaced)
        {
            Add();
        }
    }

    private void End(string key, int claim, AttemptEnd how, string lastWords)
    {
        try
        {
            new ClaimFolder(Path.Combine(claims, key)).TryEnd(claim, how, lastWords.Length == 0 ? null : lastWords, $"process {Environment.ProcessId} on {Environment.MachineName}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever looks finds the process gone.
            tell(new ClaimantMessage(MessageKind.Warning, Text: failure.Message));
        }
    }

    private void StopAll()
    {
        List<ClaimantProcess> left;
        lock (gate)
        {
            isStopping = true;
            left = [.. running];
        }

        left.ForEach(job => job.Stop());
        var deadline = Stopwatch.StartNew();
        foreach (var job in left)
        {
            var time = Farewell - deadline.Elapsed;
            if (!job.WaitForEnd(time > TimeSpan.Zero ? time : TimeSpan.Zero))
            {
                job.Kill();
                job.WaitForEnd(Farewell);
            }
        }
    }
}
