using System.CommandLine;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary><c>runs export-delays ID</c>.</summary>
internal static class DelaysExport
{
    public static Command Build(Terminal terminal)
    {
        var id = CommonOptions.Run("id");
        var file = new Option<string?>("--file", "-f") { Description = "Where to write; standard output when it is not given.", HelpName = "file" }.ThatNames("file");
        var kind = new Option<string>("--kind")
        {
            Description = "total: from pull to arrival on the run's clock, with every delay; compute: real time of the computation.",
            HelpName = "total|compute",
            DefaultValueFactory = _ => "total",
        }.AcceptOnlyFromAmong("total", "compute");
        var output = CommonOptions.Output();
        output.Description = "Where run folders lie.";
        var command = new Command("export-delays", "Writes the durations of a run's pushes, by worker, as a file that the delay model 'trace' reads.\n\n"
            + "Examples:\n"
            + "  orchestrator runs export-delays 3f2a --file cluster.csv\n"
            + "  orchestrator run my.json --set 'workers.compute={\"type\":\"trace\",\"file\":\"cluster.csv\"}' --set workers.delay=null")
        {
            id, file, kind, output,
        };
        command.SetAction(parsed =>
        {
            if (!RunSearch.TryFind(parsed.GetValue(output)!, parsed.GetValue(id)!, out var run, out var problem))
            {
                throw new UserException(problem);
            }

            Export(run, Enum.Parse<DelayTraceKind>(parsed.GetValue(kind)!, ignoreCase: true), parsed.GetValue(file), terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Export(RunEntry run, DelayTraceKind kind, string? file, Terminal terminal)
    {
        try
        {
            // Beside, then renamed: no reader finds half a trace.
            var beside = file + ".tmp";
            long lines, bounds;
            try
            {
                using (var writer = file is null ? Terminal.Document : new StreamWriter(beside))
                {
                    (lines, bounds) = DelayTrace.Write(run, kind, writer);
                }

                if (file is not null)
                {
                    File.Move(beside, file, overwrite: true);
                }
            }
            catch when (file is not null)
            {
                File.Delete(beside);
                throw;
            }

            terminal.Note($"{lines} durations of {run.Name}/{run.Id}-{run.Attempt}{(bounds > 0 ? $", {bounds} of them lower bounds (cancelled, or under way at the end)" : "")}.");
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
    }
}
