using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Orchestrator.Reports;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>export RUN --format ...</c>.</summary>
internal sealed class ExportVerb(Terminal terminal, IHostApplicationLifetime lifetime) : IVerb
{
    // Enumerations are read from numbers too, and from any number.
    private static readonly string[] Formats = [.. Enum.GetNames<ExportFormat>().Select(name => name.ToLowerInvariant())];

    public Command Build()
    {
        var id = CommonOptions.Run("run");
        var format = new Option<ExportFormat>("--format")
        {
            Description = "perfetto: a trace of who computed and waited when, for ui.perfetto.dev; tensorboard: a folder with an event file of every push and evaluation; parquet: a folder with updates.parquet and evaluations.parquet; csv: a folder with the whole rows of the run folder, also while the run goes on; mlflow: a run of an MLflow tracking server.",
            HelpName = string.Join('|', Formats),
            Required = true,
        }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Formats);
        var file = new Option<string?>("--file", "-f")
        {
            Description = "Where to write; for tensorboard, parquet and csv a folder. NAME-ID-ATTEMPT with an ending, here, when it is not given.",
            HelpName = "path",
        }.ThatNames("file");
        var arrows = new Option<bool>("--arrows") { Description = "perfetto: an arrow from each arrival that ended a wait to the worker that waited. Slow to draw where many wait." };
        var uri = new Option<string?>("--uri")
        {
            Description = "mlflow: the tracking server, http://HOST:PORT or https://HOST; by default the environment variable MLFLOW_TRACKING_URI. MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, let in.",
            HelpName = "uri",
        }.ThatNames("address");
        var (output, json) = (CommonOptions.Output(), CommonOptions.Json());
        output.Description = "Where run folders lie.";
        var command = new Command("export", "Writes a run for other programs. Its rows are CSV as they are (docs/ref-run-folder.md); 'runs export' writes tables of several runs.\n\n"
            + "Examples:\n"
            + "  orchestrator export 3f2a --format perfetto --file trace.json\n"
            + "  orchestrator export 3f2a --format tensorboard --file logs/quickstart && tensorboard --logdir logs\n"
            + "  orchestrator export 3f2a --format parquet --file tables\n"
            + "  orchestrator export 3f2a --format mlflow --uri http://127.0.0.1:5000\n\n"
            + "Exit codes: 0 it was written; 1 it could not be; 64 there is no such run, or an argument is wrong.")
        {
            id, format, file, arrows, uri, output, json,
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

            if (parsed.GetValue(uri) is not null && chosen != ExportFormat.Mlflow)
            {
                throw new UserException("--uri: only --format mlflow writes to a server.");
            }

            if (chosen == ExportFormat.Mlflow)
            {
                if (parsed.GetValue(file) is not null)
                {
                    throw new UserException("--file: --format mlflow writes to a server and no file; --uri names it.");
                }

                return ToServer(run, parsed.GetValue(uri), parsed.GetValue(json));
            }

            Export(run, chosen, parsed.GetValue(file) ?? RunExport.DefaultName(run, chosen), parsed.GetValue(arrows), parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private int ToServer(RunEntry run, string? uri, bool isJson)
    {
        MlflowServer server;
        try
        {
            server = MlflowServer.Read(uri, Environment.GetEnvironmentVariable);
        }
        catch (InvalidDataException mistake)
        {
            throw new UserException(mistake.Message);
        }

        try
        {
            var made = MlflowExport.WriteAsync(run, server, lifetime.ApplicationStopping).GetAwaiter().GetResult();
            if (isJson)
            {
                Terminal.Line(new JsonObject { ["experiment"] = made.Experiment, ["run"] = made.Run, ["page"] = made.Page.AbsoluteUri }.ToJsonString());
            }
            else
            {
                Facts.Fact(terminal.Out, "export", made.Page.AbsoluteUri);
            }

            return ExitCodes.Ok;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
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
