using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Composition;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>report RUN|SWEEP...</c>.</summary>
internal sealed class ReportVerb(Terminal terminal, PluginFolders folders) : IVerb
{
    public Command Build()
    {
        var named = new Argument<string[]>("run")
        {
            Description = "A run: its id, the beginning of it, id-attempt, or its folder. A sweep: its folder, its id or the beginning of it, its pipeline's name or file. Several.",
            Arity = ArgumentArity.OneOrMore,
        }.ThatNames("run");
        var figures = new Option<string?>("--figures")
        {
            Description = "Also writes figures for a paper into this folder: SVG that converts to PDF, and captions.md.",
            HelpName = "dir",
        }.ThatNames(NameRules.Folder);
        var (sweeps, json) = (new SweepOperand(terminal, folders), CommonOptions.Json());
        var command = new Command("report", "Writes report.html into the folder of each run or sweep: one page that opens from disk and makes no request. 'run' writes it at the end; of one that\n"
            + "is under way it shows what there is.\n\n"
            + "Examples:\n"
            + "  orchestrator report 3f2a\n"
            + "  orchestrator report runs/quickstart/3f2a5c81d0e7-1 which-rule-survives --json\n"
            + "  orchestrator report which-rule-survives --figures paper/figures\n\n"
            + "Exit codes: 0 all were written; 1 one could not be; 64 there is no such run or sweep.")
        {
            named, figures,
        };
        sweeps.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(figures) is { } path ? Figures(path) : null;
            return Write([.. parsed.GetValue(named)!.Select(query => Find(parsed, query, sweeps, folder))], folder, parsed.GetValue(json));
        });
        return command;
    }

    // Before anything is read, which may take long.
    private static FigureFolder Figures(string path)
    {
        try
        {
            var folder = new FigureFolder(path);
            folder.Open();
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"--figures: {path}: cannot be written: {failure.Message}", ExitCodes.Failed);
        }
    }

    private Func<string> Find(ParseResult parsed, string query, SweepOperand sweeps, FigureFolder? figures)
    {
        string? none = null;
        if (!File.Exists(query) && RunSearch.TryFind(sweeps.Output(parsed), query, out var run, out none))
        {
            return () => Write(run, sweeps.Catalog(parsed), figures);
        }

        if (none is not null)
        {
            RequireSweep(parsed, query, sweeps, none);
        }

        var sweep = sweeps.Find(parsed, query);
        if (!Directory.Exists(sweep.Folder.FullPath))
        {
            throw new RunRefusedException($"{query}: its sweep {SweepDocument.IdOf(sweep.Plan)} was never run in {sweep.Folder.Output}; 'orchestrator run {query}' does.");
        }

        var state = new Agenda(sweep.Plan).Look(sweep.Results);
        var counts = state.Known.Select(wanted => wanted.Run.Key).ToHashSet();
        return () => SweepReport.Write(
            sweep.Plan, sweep.Folder, sweep.Results,
            state.IsComplete ? FindingsAtEnd.Of(sweep.Folder, sweeps.Ledgers(parsed), sweeps.Catalog(parsed), Environment.ProcessorCount, counts.Contains, default) : [], figures);
    }

    // What names neither is told both; of a sweep that is there and cannot be read, only why.
    private static void RequireSweep(ParseResult parsed, string query, SweepOperand sweeps, string noRun)
    {
        try
        {
            _ = sweeps.Folder(parsed, query);
        }
        catch (RunRefusedException noSweep)
        {
            throw new UserException($"{noRun}\n       {noSweep.Message}");
        }
    }

    private int Write(List<Func<string>> reports, FigureFolder? figures, bool isJson)
    {
        var written = new List<string>();
        foreach (var report in reports)
        {
            try
            {
                written.Add(report());
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                terminal.Fail(failure.Message);
            }
        }

        if (isJson)
        {
            Terminal.Line(new JsonObject { ["reports"] = Paths(written), ["figures"] = Paths(figures?.Files ?? []) }.ToJsonString());
        }
        else
        {
            foreach (var (name, path) in written.Select(path => ("report", path)).Concat((figures?.Files ?? []).Select(path => ("figure", path))))
            {
                Facts.Fact(terminal.Out, name, path);
            }
        }

        return written.Count == reports.Count ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static JsonArray Paths(IEnumerable<string> paths) => [.. paths.Select(path => (JsonNode)path)];

    private string Write(RunEntry run, PluginCatalog catalog, FigureFolder? figures)
    {
        var problems = new List<string>();
        try
        {
            var findings = run.Document?.Summary is not null ? FindingsAtEnd.Of(RunReader.Summarize(run, [])!, catalog) : null;
            return RunReport.Write(run, problems, findings ?? [], figures);
        }
        finally
        {
            problems.ForEach(terminal.Warn);
        }
    }
}
