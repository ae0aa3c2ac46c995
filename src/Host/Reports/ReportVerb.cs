using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>report RUN...</c>.</summary>
internal sealed class ReportVerb(Terminal terminal) : IVerb
{
    public Command Build()
    {
        var runs = new Argument<string[]>("run")
        {
            Description = "The run's id, the beginning of it, id-attempt, or its folder; several.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var json = CommonOptions.Json();
        var command = new Command("report", "Writes report.html into the folder of each run: one page that opens from disk and makes no request. 'run' writes it at the end; of a run under way it\n"
            + "shows what there is.\n\n"
            + "Examples:\n"
            + "  orchestrator report 3f2a\n"
            + "  orchestrator report runs/quickstart/3f2a5c81d0e7-1 --json\n\n"
            + "Exit codes: 0 all were written; 1 one could not be; 64 there is no such run.")
        {
            runs, output, json,
        };
        command.SetAction(parsed => Write(parsed.GetValue(runs)!, parsed.GetValue(output)!, parsed.GetValue(json)));
        return command;
    }

    private int Write(string[] queries, string output, bool isJson)
    {
        var (entries, mistakes) = (new List<RunEntry>(), new List<string>());
        foreach (var query in queries)
        {
            if (RunSearch.TryFind(output, query, out var run, out var problem))
            {
                entries.Add(run);
            }
            else
            {
                mistakes.Add(problem);
            }
        }

        if (mistakes.Count > 0)
        {
            throw new UserException(string.Join("\n       ", mistakes));
        }

        var written = entries.Select(WriteOne).OfType<string>().ToList();
        if (isJson)
        {
            Terminal.Line(new JsonObject { ["reports"] = new JsonArray([.. written.Select(path => (JsonNode)path)]) }.ToJsonString());
        }
        else
        {
            written.ForEach(path => Facts.Fact(terminal.Out, "report", path));
        }

        return written.Count == entries.Count ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private string? WriteOne(RunEntry run)
    {
        var problems = new List<string>();
        try
        {
            return RunReport.Write(run, null, problems);
        }
        catch (Exception failure) when (failure is RecorderException or InvalidDataException)
        {
            terminal.Fail(failure.Message);
            return null;
        }
        finally
        {
            problems.ForEach(terminal.Warn);
        }
    }
}
