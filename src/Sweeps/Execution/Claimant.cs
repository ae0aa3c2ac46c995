using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>
/// Runs a sweep's runs in turn, as one of many that know nothing of each other: each looks at what
/// is completed, claims a run that nobody has, runs it, and completes it by one atomic link.
/// </summary>
public sealed class Claimant
{
    private const int BeatsPerLease = 10;
    private const int ProbeBytes = 1 << 18;
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly SweepFolder folder;
    private readonly SweepStore store;
    private readonly Agenda agenda;
    private readonly ClaimDesk desk;
    private readonly RunExecutor executor;
    private readonly IClaimantListener listener;
    private readonly RunForecast forecast;
    private readonly Builds builds;

    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="store">What has been completed.</param>
    /// <param name="lease">Time without a sign of life after which another claimant's run is taken
    /// over.</param>
    /// <param name="options">What runs are given.</param>
    /// <param name="listener">Told what is done.</param>
    public Claimant(SweepPlan plan, SweepFolder folder, SweepStore store, TimeSpan lease, RunOptions options, IClaimantListener listener)
    {
        (this.folder, this.store, this.listener) = (folder, store, listener);
        agenda = new Agenda(plan);
        desk = new ClaimDesk(folder.Claims, ProcessIdentity.Make(), lease, TimeProvider.System);
        executor = new RunExecutor(folder.Output, options);
        forecast = RunForecast.Read(folder, plan, store);
        builds = new Builds(folder.Claims);
    }

    /// <summary>
    /// The time that it has; null for as long as there is work. When it is over, a run under way
    /// leaves a checkpoint, and its claim to others.
    /// </summary>
    public TaskTime? Time { get; init; }

    /// <summary>Runs whatever is wanted, until nothing is.</summary>
    /// <param name="stop">Ends it; a run under way leaves a checkpoint, and its claim to
    /// others.</param>
    public ClaimantEnd Run(CancellationToken stop)
    {
        using var limit = Time?.Limit(stop);
        return Run(stop, limit?.Token ?? stop);
    }

    private ClaimantEnd Run(CancellationToken stop, CancellationToken limit)
    {
        var hasFitted = false;
        while (!limit.IsCancellationRequested)
        {
            var state = agenda.Look(store);
            if (state.Wanted.Count == 0)
            {
                return ClaimantEnd.NothingLeft;
            }

            var (hasRun, fits) = (false, false);
            foreach (var wanted in state.Wanted)
            {
                if (limit.IsCancellationRequested)
                {
                    break;
                }

                if (Time is { } time && !time.Fits(forecast.Seconds(wanted.Run)))
                {
                    continue;
                }

                fits = true;
                if (desk.TryClaim(wanted.Run.Key, out var found, builds.Now(wanted.Run.Cell)) is not { } claim)
                {
                    hasRun |= found.State == ClaimState.Done && Reopens(wanted);
                    continue;
                }

                hasRun = true;
                if (Execute(wanted, claim, limit) is { } end)
                {
                    return end;
                }
            }

            if (!fits)
            {
                return hasFitted ? ClaimantEnd.OutOfTime : ClaimantEnd.NothingFits;
            }

            hasFitted = true;
            if (!hasRun)
            {
                // Others have all that is wanted: wait for what they make of it, or for one of them
                // to die.
                limit.WaitHandle.WaitOne(TimeSpan.FromTicks(Math.Min(LongestLook.Ticks, desk.Lease.Ticks / BeatsPerLease)));
            }
        }

        return stop.IsCancellationRequested ? ClaimantEnd.Stopped : ClaimantEnd.OutOfTime;
    }

    // What is wanted and yet done would never be run by anybody.
    private bool Reopens(WantedRun wanted)
    {
        if (desk.Reopen(wanted.Run.Key, wanted.Mark, folder.Output) is not { } reason)
        {
            return false;
        }

        listener.Warn($"{wanted.Run} was done, and is run again: {reason}.");
        return true;
    }

    /// <returns>Why no other run would do better; null where the next one may.</returns>
    private ClaimantEnd? Execute(WantedRun wanted, HeldClaim claim, CancellationToken stop)
    {
        using var succeeded = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, succeeded.Token);
        try
        {
            using var heart = new Heart(claim, desk.Lease / BeatsPerLease, succeeded.Cancel);
            if (Found(wanted, claim))
            {
                return null;
            }

            var executed = executor.Execute(
                wanted, Earlier(claim).Select(attempt => attempt.Folder), made => claim.Claims.WriteAttempt(claim.Number, Path.GetRelativePath(folder.Output, made).Replace('\\', '/')), listener, claim.Number, either.Token);
            return Conclude(wanted, claim, executed, succeeded.IsCancellationRequested) ? null : ClaimantEnd.NoRoom;
        }
        catch (RunRefusedException refused) when (refused.Edited.Count > 0)
        {
            claim.End(AttemptEnd.Released, refused.Message);
            listener.Ended(wanted, claim.Number, RunEnd.Interrupted, refused.Message);
            listener.Warn(refused.Message);
            return ClaimantEnd.Edited;
        }
        catch (Exception failure) when (failure is RunRefusedException or DataException or OptionException or Orchestrator.Composition.PluginException or IOException or UnauthorizedAccessException)
        {
            return Failed(wanted, claim, failure.Message) ? null : ClaimantEnd.NoRoom;
        }
    }

    // A run of the same pipeline that completed outside of sweeps counts, and so does an earlier
    // attempt whose process was killed before it could say so.
    private bool Found(WantedRun wanted, HeldClaim claim)
    {
        if (wanted.Mark is not null)
        {
            return false;
        }

        var build = builds.Now(wanted.Run.Cell);
        var found = (claim.Number > 1 ? Earlier(claim) : Outside(wanted.Run.Pipeline))
            .Select(attempt => Completion.Of(wanted.Run, RunReader.Read(attempt.Folder), folder.Output, attempt.Claim))
            .FirstOrDefault(run => run?.Build == build && Completion.IsOf(wanted.Run, run));
        if (found is null)
        {
            return false;
        }

        listener.Began(wanted, claim.Number, goesOn: false);
        claim.Claims.Complete(found);
        listener.Ended(wanted, claim.Number, RunEnd.Completed, null);
        return true;
    }

    private IEnumerable<(string Folder, int Claim)> Outside(Composition.ResolvedPipeline pipeline)
    {
        var parent = Path.Combine(folder.Output, RunFolder.DirectoryName(pipeline.Name));
        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pipeline.Id + "-*").Order(StringComparer.Ordinal).Select(path => (path, 0)) : [];
    }

    // The newest first.
    private IEnumerable<(string Folder, int Claim)> Earlier(HeldClaim claim) => Enumerable.Range(1, claim.Number - 1).Reverse()
        .Select(number => (Path: claim.Claims.ReadAttempt(number), Claim: number)).Where(attempt => attempt.Path is not null)
        .Select(attempt => (Path.Combine(folder.Output, attempt.Path!), attempt.Claim));

    private bool Conclude(WantedRun wanted, HeldClaim claim, ExecutedRun executed, bool isSucceeded)
    {
        var summary = executed.Summary;
        if (wanted.Mark is { } mark && Rungs.Read(wanted.Run.Key, summary.Folder, mark, summary.Status) is { } rung)
        {
            claim.Claims.WriteRung(rung);
        }

        switch (summary.Status)
        {
            case RunStatus.Completed or RunStatus.Diverged:
                return Completed(wanted, claim, summary);
            case RunStatus.Interrupted when isSucceeded:
                listener.Ended(wanted, claim.Number, RunEnd.Succeeded, null);
                return true;
            case RunStatus.Interrupted:
                claim.End(AttemptEnd.Released, executed.HasPaused ? $"paused at epoch {wanted.Mark}" : null);
                listener.Ended(wanted, claim.Number, executed.HasPaused ? RunEnd.Paused : RunEnd.Interrupted, null);
                return true;
            default:
                return Failed(wanted, claim, summary.Message ?? "it failed");
        }
    }

    private bool Completed(WantedRun wanted, HeldClaim claim, RunSummary summary)
    {
        var completed = Completion.Of(wanted.Run, RunReader.Read(summary.Folder), folder.Output, claim.Number);
        if (completed is null)
        {
            return Failed(wanted, claim, $"{summary.Folder}: its run.json cannot be read");
        }

        if (!Completion.IsOf(wanted.Run, completed))
        {
            return Failed(wanted, claim, $"the data set {wanted.Run.Pipeline.Dataset.Name} is not the one that the sweep was begun with: its fingerprint is {completed.Data}");
        }

        var counted = claim.Claims.Complete(completed);
        if (counted.IsVirtual && counted.Digest != completed.Digest)
        {
            listener.Warn($"{wanted.Run}: two completions of one run differ: {counted.Folder} has the digest {counted.Digest}, {completed.Folder} has {completed.Digest}. The first counts.");
        }

        listener.Ended(wanted, claim.Number, RunEnd.Completed, null);
        return true;
    }

    // Where nothing can be written it is not the run that failed, and the next one would fail too.
    private bool Failed(WantedRun wanted, HeldClaim claim, string message)
    {
        var isWritable = IsWritable();
        try
        {
            claim.End(isWritable ? AttemptEnd.Failed : AttemptEnd.Released, message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The claim stays; whoever comes next finds its process gone.
            isWritable = false;
        }

        listener.Ended(wanted, claim.Number, isWritable ? RunEnd.Failed : RunEnd.Interrupted, message);
        return isWritable;
    }

    private bool IsWritable()
    {
        var probe = Path.Combine(folder.Claims, $"probe-{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllBytes(probe, new byte[ProbeBytes]);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            TryDelete(probe);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way.
        }
    }
}
