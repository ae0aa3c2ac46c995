using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>What running a row of a sweep again came to.</summary>
public enum RowVerdict
{
    /// <summary>The same digest.</summary>
    Same,

    /// <summary>Another digest by the same build of program and plugins.</summary>
    Different,

    /// <summary>Another digest, by another build: that may be why.</summary>
    Inconclusive,

    /// <summary>It could not be run.</summary>
    Failed,
}

/// <summary>A row that was run again.</summary>
/// <param name="Run">Which.</param>
/// <param name="Before">What the row says.</param>
/// <param name="Digest">The digest now; null where the run failed.</param>
/// <param name="Verdict">How they compare.</param>
/// <param name="Detail">Why it failed, or where the run lies that differs; null where all is the
/// same.</param>
public sealed record VerifiedRow(PlannedRun Run, CompletedRun Before, string? Digest, RowVerdict Verdict, string? Detail);

/// <summary>
/// Runs rows of a sweep again and compares digests. What is the same leaves nothing behind; a run
/// that differs stays, under <c>OUTPUT/.sweeps/verify-.../</c>.
/// </summary>
/// <param name="plan">The sweep.</param>
/// <param name="claims">Where claims and completions lie.</param>
/// <param name="ledger">Rows of ledgers, by the run's key.</param>
/// <param name="results">What runs came to that have no row.</param>
/// <param name="options">What runs are given.</param>
public sealed class SweepVerification(SweepPlan plan, string claims, IReadOnlyDictionary<string, CompletedRun> ledger, ISweepResults results, RunOptions options)
{
    /// <summary>What the names of folders begin with where runs are made again.</summary>
    internal const string Prefix = "verify-";

    private readonly Builds builds = new(claims);

    /// <summary>
    /// Rows of runs that have a digest which is the same each time, in the order of the plan.
    /// </summary>
    public IReadOnlyList<(PlannedRun Run, CompletedRun Before)> Rows { get; } = [.. All(plan, ledger, results).Where(row => row.Before is { IsVirtual: true, Digest: not null })];

    /// <summary>Rows of runs that ended otherwise each time: those on the wall clock.</summary>
    public int Incomparable { get; } = All(plan, ledger, results).Count(row => row.Before is not { IsVirtual: true, Digest: not null });

    /// <summary>
    /// Some of the rows: the same for the same seed, at least one where there are any.
    /// </summary>
    /// <param name="share">How many of them, above 0 to 1.</param>
    /// <param name="seed">Of the drawing.</param>
    public IReadOnlyList<(PlannedRun Run, CompletedRun Before)> Sample(double share, long seed)
    {
        var streams = new RandomStreams(seed);
        var drawn = Rows.Index().OrderBy(row => streams.Open("verify", row.Index).NextUInt64()).Take((int)Math.Ceiling(Rows.Count * share)).Select(row => row.Index).ToHashSet();
        return [.. Rows.Index().Where(row => drawn.Contains(row.Index)).Select(row => row.Item)];
    }

    /// <summary>Runs one of them again. Safe from several threads.</summary>
    /// <param name="run">The run.</param>
    /// <param name="before">Its row.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>Null where it was ended early.</returns>
    public VerifiedRow? Again(PlannedRun run, CompletedRun before, CancellationToken stop)
    {
        var output = Path.Combine(claims, $"{Prefix}{Guid.NewGuid():N}");
        try
        {
            var again = new RunSession(run.Pipeline, options).Start(output, stop);
            if (again.Status == RunStatus.Interrupted)
            {
                Directory.Delete(output, recursive: true);
                return null;
            }

            if (again.Digest == before.Digest)
            {
                Directory.Delete(output, recursive: true);
                return new VerifiedRow(run, before, again.Digest, RowVerdict.Same, null);
            }

            return again.Digest is null
                ? new VerifiedRow(run, before, null, RowVerdict.Failed, again.Message ?? "it failed")
                : new VerifiedRow(run, before, again.Digest, IsOfThisBuild(run, before) ? RowVerdict.Different : RowVerdict.Inconclusive, again.Folder);
        }
        catch (Exception failure) when (failure is RunRefusedException or DataException or OptionException or Composition.PluginException or IOException)
        {
            return new VerifiedRow(run, before, null, RowVerdict.Failed, failure.Message);
        }
    }

    private bool IsOfThisBuild(PlannedRun run, CompletedRun before)
    {
        lock (builds)
        {
            return builds.Now(run.Cell) == before.Build;
        }
    }

    private static IEnumerable<(PlannedRun Run, CompletedRun Before)> All(SweepPlan plan, IReadOnlyDictionary<string, CompletedRun> ledger, ISweepResults results) =>
        from run in plan.Rounds.SelectMany(round => SweepPlan.Runs(plan.Cells, round.Levels)).DistinctBy(run => run.Key)
        let before = ledger.GetValueOrDefault(run.Key) ?? results.Completed(run.Key)
        where before is not null
        select (run, before);
}
