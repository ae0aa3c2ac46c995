using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// Which results of earlier builds of program and plugins count. When something has changed, one
/// finished run is run again, or one of each cell where that is asked for: equal digests accept all
/// of that build, another one makes all of them stale.
/// </summary>
/// <param name="claims">Where claims and completions lie.</param>
public sealed class Builds(string claims)
{
    private const string Equal = "equal";
    private const string Different = "different";
    private const int LargestAnswer = 1_000;

    private readonly Dictionary<string, string> current = [];
    private readonly Dictionary<(string, string), string> answers = [];

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

    /// <summary>
    /// The rows of two ledgers. Of a run that stands in both the first ledger's row counts, unless
    /// only the other one is of the build that would make it now.
    /// </summary>
    /// <param name="plan">The sweep whose runs they are.</param>
    /// <param name="first">Rows by the run's key.</param>
    /// <param name="others">As well.</param>
    public static IReadOnlyDictionary<string, CompletedRun> Choose(
        SweepPlan plan, IReadOnlyDictionary<string, CompletedRun> first, IReadOnlyDictionary<string, CompletedRun> others)
    {
        var (cells, builds) = (plan.Cells.DistinctBy(cell => cell.Key).ToDictionary(cell => cell.Key), new Builds(""));
        bool IsPresent(CompletedRun row) => cells.TryGetValue(row.Cell, out var cell) && row.Build == builds.Now(cell);

        var rows = new Dictionary<string, CompletedRun>(first);
        foreach (var (key, row) in others)
        {
            if (!rows.TryGetValue(key, out var own) || (own.Build != row.Build && IsPresent(row)))
            {
                rows[key] = row;
            }
        }

        return rows;
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
        // An answer stays.
        var file = Path.Combine(Folder, $"{then}-{now}");
        if (!answers.TryGetValue((then, now), out var answer) && File.Exists(file))
        {
            answers.Add((then, now), answer = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, LargestAnswer)).Trim());
        }

        return answer;
    }
}

/// <summary>
/// What a sweep has of earlier builds, as of one look. What others complete later needs another.
/// </summary>
public sealed class BuildCheck
{
    private readonly SweepPlan plan;
    private readonly SweepFolder folder;
    private readonly IReadOnlyDictionary<string, CompletedRun> ledger;
    private readonly Builds builds;
    private List<(PlannedRun Run, CompletedRun Completed)> finished;

    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="ledger">Rows of ledgers, by the run's key.</param>
    public BuildCheck(SweepPlan plan, SweepFolder folder, IReadOnlyDictionary<string, CompletedRun> ledger)
    {
        (this.plan, this.folder, this.ledger, builds) = (plan, folder, ledger, new Builds(folder.Claims));
        finished = Finished();
    }

    /// <summary>
    /// Keys of cells each of which is tried by a run of its own: what was changed need not show in
    /// another one.
    /// </summary>
    public IReadOnlySet<string> TriedEach { get; init; } = new HashSet<string>();

    /// <summary>
    /// Rows of ledgers that count: those of this build, of builds that gave the same, and of runs
    /// that have no digest which another could have, as on the wall clock.
    /// </summary>
    public IReadOnlyDictionary<string, CompletedRun> LedgerThatCounts() => LedgerWhere(counts => counts == true);

    /// <summary>All that counts, completions too.</summary>
    public SweepStore Counting() => StoreWhere(counts => counts == true);

    /// <summary>
    /// All that counts, and all of which nobody knows yet whether it does.
    /// </summary>
    public SweepStore MayCount() => StoreWhere(counts => counts != false);

    /// <summary>
    /// One finished run of each earlier build that nobody has tried, and one of each cell of
    /// <see cref="TriedEach"/>, in the order of the plan: these are to be run again.
    /// </summary>
    public IReadOnlyList<(PlannedRun Run, CompletedRun Before)> Open() =>
        [.. finished.Where(pair => Counts(pair.Run, pair.Completed) is null)
            .DistinctBy(pair => (pair.Completed.Build, Now(pair.Run), TriedEach.Contains(pair.Run.Cell.Key) ? pair.Run.Cell.Key : ""))];

    /// <summary>The build that would make a run now.</summary>
    public string Now(PlannedRun run) => builds.Now(run.Cell);

    /// <summary>
    /// Whether a result counts; null where nobody has tried its build, as far as is known now.
    /// </summary>
    public bool? Counts(PlannedRun run, CompletedRun completed) => !CanBeTried(completed) ? true : builds.Counts(completed.Build, Now(run));

    /// <summary>What a run that tries a build is told apart by.</summary>
    public KeyValuePair<string, string> Label(PlannedRun run) => new("tries", Now(run));

    /// <summary>
    /// Runs of this build that were to try an earlier one and ended before their end, to go on with,
    /// the newest first.
    /// </summary>
    public IEnumerable<RunEntry> Begun(PlannedRun run) => Trials(run).Where(trial => trial.Status == RunStatus.Interrupted);

    /// <summary>
    /// The digest of a run of this build that was to try an earlier one and came to its end; null
    /// where there is none.
    /// </summary>
    public string? Tried(PlannedRun run) => Trials(run).Select(trial => Completion.Of(run, trial, folder.Output, 0)).OfType<CompletedRun>()
        .Where(tried => tried.Build == Now(run) && Completion.IsOf(run, tried)).Select(tried => tried.Digest).OfType<string>().FirstOrDefault();

    /// <summary>Keeps what running one again came to.</summary>
    public void Decide(PlannedRun run, CompletedRun before, string digest) => builds.Decide(before.Build, Now(run), before, digest);

    /// <summary>
    /// Takes results that do not count out of the way, so that their runs are run again.
    /// </summary>
    /// <returns>How many.</returns>
    public int Retire()
    {
        var retired = finished.Count(pair => Counts(pair.Run, pair.Completed) == false && new ClaimFolder(Path.Combine(folder.Claims, pair.Run.Key)).Retire(pair.Completed));
        finished = retired > 0 ? Finished() : finished;
        return retired;
    }

    /// <summary>Whether running it again says whether its build matters.</summary>
    internal static bool CanBeTried(CompletedRun completed) => completed is { IsVirtual: true, Digest: not null };

    private SweepStore StoreWhere(Func<bool?, bool> counts) =>
        new(folder.Claims, LedgerWhere(counts), finished.Where(pair => !counts(Counts(pair.Run, pair.Completed))).Select(pair => pair.Run.Key).ToHashSet());

    private Dictionary<string, CompletedRun> LedgerWhere(Func<bool?, bool> counts) =>
        finished.Where(pair => ledger.GetValueOrDefault(pair.Run.Key) == pair.Completed && counts(Counts(pair.Run, pair.Completed))).ToDictionary(pair => pair.Run.Key, pair => pair.Completed);

    // The newest first.
    private IEnumerable<RunEntry> Trials(PlannedRun run)
    {
        var (label, parent) = (Label(run), Path.Combine(folder.Output, RunFolder.DirectoryName(run.Pipeline.Name)));
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent, run.Pipeline.Id + "-*").Select(RunReader.Read).OfType<RunEntry>()
                .Where(begun => begun.Document?.Run.Options.GetValueOrDefault(label.Key) == label.Value)
                .OrderByDescending(begun => begun.Attempt)
            : [];
    }

    private List<(PlannedRun Run, CompletedRun Completed)> Finished()
    {
        var store = new SweepStore(folder.Claims, ledger);
        var runs = plan.Rounds.SelectMany(round => round.Levels).SelectMany(level => plan.Cells.Select(cell => SweepPlan.Run(cell, level)));
        return [.. runs.SelectMany(run => store.Completed(run.Key) is { } completed ? [(run, completed)] : Array.Empty<(PlannedRun, CompletedRun)>())];
    }
}
