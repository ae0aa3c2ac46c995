using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>export RUN --format ...</c>.</summary>
internal sealed class ExportVerb(Terminal terminal) : IVerb
{
    public Command Build()
    {
        var id = CommonOptions.Run("run");
        var format = new Option<ExportFormat>("--format")
        {
            Description = "perfetto: a trace of who computed and waited when, for ui.perfetto.dev; tensorboard: a folder with an event file of every push and evaluation; parquet: a folder with updates.parquet and evaluations.parquet.",
            HelpName = "perfetto|tensorboard|parquet",
            Required = true,
        };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "Where to write; for tensorboard and parquet a folder. NAME-ID-ATTEMPT with an ending, here, when it is not given.",
            HelpName = "path",
        }.ThatNames("file");
        var arrows = new Option<bool>("--arrows") { Description = "perfetto: an arrow from each arrival that ended a wait to the worker that waited. Slow to draw where many wait." };
        var (output, json) = (CommonOptions.Output(), CommonOptions.Json());
        output.Description = "Where run folders lie.";
        var command = new Command("export", "Writes a run for other programs. Its rows are CSV as they are (docs/ref-run-folder.md); 'runs export' writes tables of several runs.\n\n"
            + "Examples:\n"
            + "  orchestrator export 3f2a --format perfetto --file trace.json\n"
            + "  orchestrator export 3f2a --format tensorboard --file logs/quickstart && tensorboard --logdir logs\n"
            + "  orchestrator export 3f2a --format parquet --file tables\n\n"
            + "Exit codes: 0 it was written; 1 it could not be; 64 there is no such run, or an argument is wrong.")
        {
            id, format, file, arrows, output, json,
        };
        command.SetAction(parsed =>
        {
            if (!RunSearch.TryFind(parsed.GetValue(output)!, parsed.GetValue(id)!, out var run, out var problem))
            {
                throw new UserException(problem);
            }

            var chosen = parsed.GetValue(format);
            if (parsed.GetValue(arrows) && chosen != ExportFormat.Perfetto)
            {
                throw new UserException("--arrows: only a trace has arrows; --format perfetto makes one.");
            }

            Export(run, chosen, parsed.GetValue(file) ?? RunExport.DefaultName(run, chosen), parsed.GetValue(arrows), parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private void Export(RunEntry run, ExportFormat format, string path, bool hasArrows, bool isJson)
    {
        try
        {
            var written = RunExport.Write(run, format, path, hasArrows);
            if (isJson)
            {
                Terminal.Line(new JsonObject { ["files"] = new JsonArray([.. written.Select(file => (JsonNode)file)]) }.ToJsonString());
            }
            else
            {
                foreach (var file in written)
                {
                    Facts.Fact(terminal.Out, "export", file);
                }
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
    }
}
