using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// Which results of earlier builds of program and plugins count. When something has changed, one
/// finished run is run again: an equal digest accepts all of that build, another one makes all of
/// them stale.
/// </summary>
/// <param name="claims">Where claims and completions lie.</param>
public sealed class Builds(string claims)
{
    private const string Equal = "equal";
    private const string Different = "different";
    private const int LargestAnswer = 1_000;

    private readonly Dictionary<string, string> current = [];

    /// <summary>The build that would make a cell's runs now.</summary>
    public string Now(Cell cell)
    {
        var plugins = string.Join('\n', cell.Pipeline.Sections.Select(section => section.Plugin.Title));
        if (!current.TryGetValue(plugins, out var build))
        {
            current.Add(plugins, build = Completion.BuildOf(cell.Pipeline));
        }

        return build;
    }

    /// <summary>Whether a result of an earlier build counts; null where nobody has tried.</summary>
    public bool? Counts(string then, string now) => then == now ? true : Read(then, now) switch
    {
        null => null,
        var text => text.StartsWith(Equal, StringComparison.Ordinal),
    };

    /// <summary>What was found out of two builds, in words; null where nobody has tried.</summary>
    public string? Reason(string then, string now) => Read(then, now);

    /// <summary>Keeps what one run said of two builds.</summary>
    public void Decide(string then, string now, CompletedRun before, string digestNow)
    {
        var verdict = before.Digest == digestNow ? Equal : Different;
        Directory.CreateDirectory(Folder);
        AtomicFile.TryCreate(
            Path.Combine(Folder, $"{then}-{now}"),
            Encoding.UTF8.GetBytes($"{verdict}: {before.Folder} had the digest {before.Digest} with build {then} and has {digestNow} with build {now}.\n"));
    }

    private string Folder => Path.Combine(claims, "builds");

    private string? Read(string then, string now)
    {
        var file = Path.Combine(Folder, $"{then}-{now}");
        return File.Exists(file) ? Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, LargestAnswer)).Trim() : null;
    }
}

/// <summary>Looks at what a sweep has of earlier builds before it goes on.</summary>
/// <param name="plan">The sweep.</param>
/// <param name="folder">Its folder.</param>
/// <param name="ledger">Rows of ledgers, by the run's key.</param>
public sealed class BuildCheck(SweepPlan plan, SweepFolder folder, IReadOnlyDictionary<string, CompletedRun> ledger)
{
    private readonly Builds builds = new(folder.Claims);

    /// <summary>
    /// Rows of ledgers that count: those of this build, of builds that gave the same, and of runs
    /// that have no digest which another could have, as on the wall clock.
    /// </summary>
    public IReadOnlyDictionary<string, CompletedRun> LedgerThatCounts() =>
        Finished().Where(pair => ledger.GetValueOrDefault(pair.Run.Key) == pair.Completed
            && (!CanBeTried(pair.Completed) || builds.Counts(pair.Completed.Build, builds.Now(pair.Run.Cell)) == true))
            .ToDictionary(pair => pair.Run.Key, pair => pair.Completed);

    /// <summary>
    /// The same with rows of which nobody knows yet whether they count.
    /// </summary>
    public IReadOnlyDictionary<string, CompletedRun> LedgerThatMayCount() =>
        Finished().Where(pair => ledger.GetValueOrDefault(pair.Run.Key) == pair.Completed
            && (!CanBeTried(pair.Completed) || builds.Counts(pair.Completed.Build, builds.Now(pair.Run.Cell)) != false))
            .ToDictionary(pair => pair.Run.Key, pair => pair.Completed);

    /// <summary>
    /// One finished run of each earlier build that nobody has tried, in the order of the plan:
    /// these are to be run again.
    /// </summary>
    public IReadOnlyList<(PlannedRun Run, CompletedRun Before)> Open() =>
        [.. Finished().Where(pair => CanBeTried(pair.Completed) && builds.Counts(pair.Completed.Build, builds.Now(pair.Run.Cell)) is null)
            .DistinctBy(pair => (pair.Completed.Build, builds.Now(pair.Run.Cell)))];

    /// <summary>What a run that tries a build is told apart by.</summary>
    public KeyValuePair<string, string> Label(PlannedRun run) => new("tries", builds.Now(run.Cell));

    /// <summary>
    /// A run of this build that was to try an earlier one and ended before its end, to go on with;
    /// null without one.
    /// </summary>
    public RunEntry? Begun(PlannedRun run)
    {
        var (label, parent) = (Label(run), Path.Combine(folder.Output, RunFolder.DirectoryName(run.Pipeline.Name)));
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, run.Pipeline.Id + "-*").Order(StringComparer.Ordinal).Select(RunReader.Read)
                .FirstOrDefault(begun => begun is { Status: RunStatus.Interrupted } && begun.Document?.Run.Options.GetValueOrDefault(label.Key) == label.Value)
            : null;
    }

    /// <summary>Keeps what running one again came to.</summary>
    public void Decide(PlannedRun run, CompletedRun before, string digest) => builds.Decide(before.Build, builds.Now(run.Cell), before, digest);

    /// <summary>
    /// Takes results that do not count out of the way, so that their runs are run again.
    /// </summary>
    /// <returns>How many.</returns>
    public int Retire() => Finished().Count(pair =>
        builds.Counts(pair.Completed.Build, builds.Now(pair.Run.Cell)) == false && new ClaimFolder(Path.Combine(folder.Claims, pair.Run.Key)).Retire(pair.Completed));

    /// <summary>Whether running it again says whether its build matters.</summary>
    internal static bool CanBeTried(CompletedRun completed) => completed is { IsVirtual: true, Digest: not null };

    private IEnumerable<(PlannedRun Run, CompletedRun Completed)> Finished()
    {
        var store = new SweepStore(folder.Claims, ledger);
        foreach (var level in plan.Rounds.SelectMany(round => round.Levels))
        {
            foreach (var cell in plan.Cells)
            {
                var run = SweepPlan.Run(cell, level);
                if (store.Completed(run.Key) is { } completed)
                {
                    yield return (run, completed);
                }
            }
        }
    }
}
