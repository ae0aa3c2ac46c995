using System.CommandLine;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// What the commands about one sweep have in common: how it is named, and where its results lie.
/// </summary>
internal sealed class SweepOperand(Terminal terminal, PluginFolders folders)
{
    private readonly Option<string> output = CommonOptions.Output();
    private readonly Option<string> results = ComparisonOptions.Ledgers();
    private readonly Option<string?> data = CommonOptions.Data();
    private readonly Option<string[]> plugins = CommonOptions.Plugins();

    /// <summary>The sweep as an argument.</summary>
    public static Argument<string?> Argument() => new Argument<string?>("sweep")
    {
        Description = "The sweep: its folder, its id or the beginning of it, its pipeline's name, or its pipeline's file. The newest when it is not given.",
        Arity = ArgumentArity.ZeroOrOne,
    }.ThatNames("sweep");

    /// <param name="command">Gets the options.</param>
    /// <param name="hasOutput">Whether the folder of runs is one of them; where it is not, sweeps
    /// are named by their folders.</param>
    public void AddTo(Command command, bool hasOutput = true)
    {
        output.Description = "Where run folders lie.";
        foreach (var option in (Option[])[.. hasOutput ? new Option[] { output } : [], results, data, plugins])
        {
            command.Options.Add(option);
        }
    }

    public DataFolders Data(ParseResult parsed) => folders.Data(parsed.GetValue(data));

    public string Output(ParseResult parsed) => parsed.GetValue(output)!;

    /// <summary>Where ledgers lie.</summary>
    public string Ledgers(ParseResult parsed) => parsed.GetValue(results)!;

    /// <summary>The folder of the sweep that a text names, which need not be readable.</summary>
    /// <exception cref="RunRefusedException">There is none, or several fit.</exception>
    public SweepFolder Folder(ParseResult parsed, string? text) => SweepSearch.Find(Output(parsed), text);

    /// <summary>The plugins that there are.</summary>
    public PluginCatalog Catalog(ParseResult parsed) => folders.Read(parsed.GetValue(plugins)!);

    /// <summary>The sweep that a text names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="text">The text.</param>
    /// <param name="toRun">Whether runs of it are to be made, of the files that it was begun
    /// with.</param>
    /// <exception cref="RunRefusedException">There is none, or it cannot be planned.</exception>
    public KnownSweep Find(ParseResult parsed, string? text, bool toRun = false)
    {
        var catalog = Catalog(parsed);
        var request = new PipelineRequest(Data(parsed));
        if (text is not null && File.Exists(text))
        {
            return OfFile(text, catalog, request, parsed);
        }

        var folder = Folder(parsed, text);
        return Known(toRun ? StoredPlan.ReadToRun(folder, catalog, request) : StoredPlan.Read(folder, catalog, request), folder, parsed);
    }

    /// <summary>
    /// All sweeps under the folder of runs; of one that cannot be planned there is a warning.
    /// </summary>
    /// <exception cref="UserException">There are some, and none can be planned.</exception>
    public List<KnownSweep> All(ParseResult parsed)
    {
        var catalog = Catalog(parsed);
        var (folders, known) = (SweepFolder.All(Output(parsed)), new List<KnownSweep>());
        foreach (var folder in folders)
        {
            try
            {
                known.Add(Known(StoredPlan.Read(folder, catalog, new PipelineRequest(Data(parsed))), folder, parsed));
            }
            catch (RunRefusedException refused)
            {
                terminal.Warn(refused.Message);
            }
        }

        return known.Count > 0 || folders.Count == 0
            ? known
            : throw new UserException($"{Path.GetFullPath(Output(parsed))}: {(folders.Count == 1 ? "its sweep cannot" : $"none of its {folders.Count} sweeps can")} be read.");
    }

    private KnownSweep OfFile(string file, PluginCatalog catalog, PipelineRequest request, ParseResult parsed)
    {
        var template = PipelineTemplate.Read(file, catalog, request, out var mistakes);
        if (template is not null && template.Sweep is null && mistakes.Count == 0)
        {
            throw new UserException($"{file}: the pipeline has no sweep; a sweep that got its axes from the command line is named by its folder or its id.");
        }

        var planned = template?.Sweep is null ? new SweepPlanResult(null, mistakes) : new SweepPlanner(template, request).Plan(mistakes);
        var plan = planned.OrThrow();
        return Known(plan, SweepFolder.Of(Output(parsed), plan), parsed);
    }

    private KnownSweep Known(SweepPlan plan, SweepFolder folder, ParseResult parsed)
    {
        var problems = new List<string>();
        var ledger = Ledger.Read(parsed.GetValue(results)!, plan.Name, problems);
        problems.ForEach(terminal.Warn);
        var check = new BuildCheck(plan, folder, ledger);
        return new KnownSweep(plan, folder, new SweepStore(folder.Claims, check.LedgerThatCounts()), ledger, check.Open().Count);
    }
}

/// <summary>A sweep and its results.</summary>
/// <param name="Plan">The sweep.</param>
/// <param name="Folder">Its folder; it may not be there.</param>
/// <param name="Results">What counts.</param>
/// <param name="Rows">All rows of ledgers, by the run's key, whether they count or not.</param>
/// <param name="Untried">Builds whose results count if a run that is made again says so.</param>
internal sealed record KnownSweep(SweepPlan Plan, SweepFolder Folder, SweepStore Results, IReadOnlyDictionary<string, CompletedRun> Rows, int Untried);
