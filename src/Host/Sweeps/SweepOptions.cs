using System.CommandLine;
using Orchestrator.Composition;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>The options of <c>run</c> about sweeps.</summary>
/// <param name="hasThreads">Whether the command has <c>--threads</c>.</param>
internal sealed class SweepOptions(bool hasThreads = true)
{
    public const double DefaultLease = 60;
    private const int MostJobs = 1024;

    private readonly Option<string[]> axes = new("--axis")
    {
        Description = "Varies a value, PATH=VALUE,VALUE,...; repeatable. Every combination is run. Example: --axis optimizer.momentum=0,0.5,0.9",
        HelpName = "path=values",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> where = new("--where")
    {
        Description = "Keeps only some cells of a sweep, AXIS=VALUE,VALUE,...; repeatable: all must fit. Example: --where workers.count=8 --where optimizer.momentum=0,0.5",
        HelpName = "axis=values",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> seeds = new("--seeds") { Description = "The seeds that each combination is run with: a number of them, a list 1,2,7, or a range 1..5.", HelpName = "seeds" };

    private readonly Option<int> jobs = new Option<int>("--jobs", "-j")
    {
        Description = $"Runs of a sweep at a time, each in a process of its own with {(hasThreads ? "--threads compute threads, 1 by default" : "one compute thread")}. Changes no result.",
        HelpName = "n",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.Within("a number of jobs", 1, MostJobs);

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Checks everything and says what would be run, what is done already, and about what time, memory and disk it takes; runs nothing." };

    private readonly Option<bool> retry = new("--retry") { Description = "Runs the runs of a sweep again that have failed." };

    private readonly Option<string> results = new Option<string>("--results")
    {
        Description = "Where ledgers lie, NAME.csv with a row per completed run; a row counts where the run's folder is gone.",
        HelpName = "dir",
        DefaultValueFactory = _ => "results",
    }.ThatNames(NameRules.Folder);

    private readonly Option<double?> lease = NumberOptions.Seconds(
        "--lease", "A run of a sweep whose process gives no sign of life for so long is taken over; for processes of this machine that have ended, at once.", DefaultLease);

    /// <summary>What makes a sweep of a pipeline, without how it is run.</summary>
    public void AddQuestionTo(Command command)
    {
        foreach (var option in (Option[])[axes, where, seeds])
        {
            command.Options.Add(option);
        }
    }

    public void AddTo(Command command)
    {
        AddQuestionTo(command);
        foreach (var option in (Option[])[jobs, dryRun, retry, results, lease])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>A request with what the command line asks of a sweep.</summary>
    public PipelineRequest Over(PipelineRequest request, ParseResult parsed) =>
        request with { Axes = parsed.GetValue(axes)!, Where = parsed.GetValue(where)!, Seeds = parsed.GetValue(seeds) };

    /// <summary>Whether the command line makes a sweep, or another one than the pipeline has.</summary>
    public bool IsAsked(ParseResult parsed) => ((Option[])[axes, where, seeds]).Any(option => parsed.GetResult(option) is { Implicit: false });

    public bool IsDry(ParseResult parsed) => parsed.GetValue(dryRun);

    public SweepRequest Read(ParseResult parsed) => new(
        parsed.GetValue(jobs), parsed.GetValue(dryRun), parsed.GetValue(retry), Path.GetFullPath(parsed.GetValue(results)!), TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(lease) ?? DefaultLease)));

    /// <summary>What only a sweep has, where it is asked for without one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isLaunched">Whether something is submitted, which may be shown first.</param>
    public string? OnlyForSweeps(ParseResult parsed, bool isLaunched) =>
        ((Option[])[jobs, retry, results, lease, .. isLaunched ? [] : new Option[] { dryRun }]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;
}

/// <summary>How a sweep is run.</summary>
/// <param name="Jobs">Runs at a time.</param>
/// <param name="IsDry">Whether nothing is run.</param>
/// <param name="Retries">Whether failed runs are run again.</param>
/// <param name="Results">Where ledgers lie.</param>
/// <param name="Lease">Time without a sign of life after which a run is taken over.</param>
internal sealed record SweepRequest(int Jobs, bool IsDry, bool Retries, string Results, TimeSpan Lease)
{
    /// <summary>
    /// Rows of runs, by key, that came with the program; those that the user has go first, unless
    /// these are of the present build and those are not.
    /// </summary>
    public IReadOnlyDictionary<string, CompletedRun> Given { get; init; } = new Dictionary<string, CompletedRun>();

    /// <summary>
    /// Keys of cells each of which says by a run of its own whether results of an earlier build
    /// count.
    /// </summary>
    public IReadOnlySet<string> TriedEach { get; init; } = new HashSet<string>();
}
