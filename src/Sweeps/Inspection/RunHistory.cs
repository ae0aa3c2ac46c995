using System.Globalization;

namespace Orchestrator.Sweeps;

/// <summary>How a run of a sweep stands.</summary>
public enum RunStanding
{
    /// <summary>Completed, and counted.</summary>
    Done,

    /// <summary>Somebody has it.</summary>
    Running,

    /// <summary>It failed, and is run again only when told to.</summary>
    Failed,

    /// <summary>It is to be run.</summary>
    Waiting,

    /// <summary>The sweep does not ask for it, so far or at all.</summary>
    NotWanted,
}

/// <summary>
/// What is known of one run of a sweep, and of everything that was done about it.
/// </summary>
/// <param name="Run">Which.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Completed">What it came to; null where it is not completed.</param>
/// <param name="Past">Claims, results that count no longer and second completions, in
/// sentences.</param>
public sealed record RunHistory(PlannedRun Run, RunStanding Standing, string Reason, CompletedRun? Completed, IReadOnlyList<string> Past)
{
    /// <summary>
    /// All runs of a cell that the sweep may ask for, in the order of its rounds.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="cell">One of its cells.</param>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="results">What has been completed.</param>
    public static IReadOnlyList<RunHistory> Of(SweepPlan plan, Cell cell, SweepFolder folder, ISweepResults results)
    {
        var state = new Agenda(plan).Look(results);
        var known = state.Known.Select(wanted => wanted.Run.Key).ToHashSet();
        var builds = new Builds(folder.Claims);
        return [.. plan.Rounds.SelectMany(round => round.Levels).Select(levels => SweepPlan.Run(cell, levels)).DistinctBy(run => run.Key)
            .Select(run => Of(run, known.Contains(run.Key), folder, results, builds))];
    }

    private static RunHistory Of(PlannedRun run, bool isKnown, SweepFolder folder, ISweepResults results, Builds builds)
    {
        var claims = new ClaimFolder(Path.Combine(folder.Claims, run.Key));
        var past = PastOf(claims, run, builds);
        if (results.Completed(run.Key) is { } completed)
        {
            return new(run, RunStanding.Done, $"{Source(completed)}; {BuildOf(completed, builds.Now(run.Cell), builds)}", completed, past);
        }

        var found = claims.Read();
        var (standing, reason) = found.State switch
        {
            ClaimState.Failed => (RunStanding.Failed, $"{Failures.Reason(folder, run)}; --retry runs it again"),
            ClaimState.Claimed when claims.Owner(found.Last) is { } owner && owner.IsGone() => (RunStanding.Waiting, $"process {owner.Process} on {owner.Machine} had it and has ended; the next sweeper goes on"),
            ClaimState.Claimed when claims.Owner(found.Last) is { } owner => (RunStanding.Running, $"process {owner.Process} on {owner.Machine} has it"),
            _ when !isKnown => (RunStanding.NotWanted, "the sweep's decisions so far do not ask for it"),
            _ when found.Last > 0 => (RunStanding.Waiting, "an attempt at it ended; the next sweeper goes on"),
            _ => (RunStanding.Waiting, "nobody has begun it"),
        };
        return new(run, standing, reason, null, past);
    }

    private static string Source(CompletedRun completed) => completed switch
    {
        { Folder.Length: 0 } => "its row in the ledger counts",
        { Claim: 0 } => $"{completed.Folder} was there before",
        _ => string.Create(CultureInfo.InvariantCulture, $"{completed.Folder}, completed by claim {completed.Claim}"),
    };

    private static string BuildOf(CompletedRun completed, string now, Builds builds) => completed.Build == now
        ? "made by this build of program and plugins"
        : builds.Reason(completed.Build, now) is { } reason
            ? $"made by build {completed.Build}: {reason}"
        : !BuildCheck.CanBeTried(completed)
            ? $"made by build {completed.Build}; on the wall clock no other run could tell whether that matters, so it counts"
            : $"made by build {completed.Build}, this is {now}; the next 'run' runs one run again to see whether that matters";

    private static List<string> PastOf(ClaimFolder claims, PlannedRun run, Builds builds)
    {
        var past = new List<string>();
        for (var number = 1; claims.HasClaim(number); number++)
        {
            var (owner, end, folder) = (claims.Owner(number), claims.ReadEnd(number), claims.ReadAttempt(number));
            var told = string.Create(CultureInfo.InvariantCulture, $"claim {number} of process {owner?.Process} on {owner?.Machine}{(folder is null ? "" : $" in {folder}")}");
            past.Add(end is null ? told : $"{told}: {end.How.ToString().ToLowerInvariant()}{(end.Message is null ? "" : ": " + end.Message)}");
        }

        past.AddRange(claims.ReadStale().Select(build => $"a result of build {build} counts no longer: {builds.Reason(build, builds.Now(run.Cell)) ?? "another build took it out of the way"}"));
        past.AddRange(claims.ReadSeconds().Select(second =>
            $"completed again in {second.Run.Folder}, {(second.IsSame ? "with the same digest" : $"with ANOTHER digest, {second.Run.Digest}")}; the first counts"));
        return past;
    }
}
