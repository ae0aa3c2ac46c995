using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// <c>launch status</c>, <c>launch cancel</c>, <c>launch logs</c>: what was submitted.
/// </summary>
internal sealed class LaunchVerb(Terminal terminal, IHostApplicationLifetime lifetime, PluginFolders folders) : IVerb
{
    private const int LastBytes = 1 << 16;

    private readonly Option<string> output = CommonOptions.Output();
    private readonly Option<string[]> plugins = CommonOptions.Plugins();

    public Command Build() => new("launch", "Says how tasks are doing that 'run FILE --launcher NAME' has submitted, ends them, and shows what they said.\n\n"
        + "Examples:\n"
        + "  orchestrator launch status\n"
        + "  orchestrator launch logs momentum-1 --task 3\n"
        + "  orchestrator launch cancel momentum-1")
    {
        BuildStatus(),
        BuildCancel(),
        BuildLogs(),
    };

    private Command BuildStatus()
    {
        var (launch, json) = (Argument(), CommonOptions.Json());
        var command = new Command("status", "Asks the launcher how the tasks are doing. What they have come to, 'sweep status' and 'runs list' say. Changes nothing.\n\n"
            + "Exit codes: 0 they wait, run or have ended; 1 one has failed or is lost, or nobody answers; 64 there is no such launch.") { launch, output, plugins, json };
        command.SetAction(parsed =>
        {
            var (folder, record, launcher) = Find(parsed, launch);
            var tasks = launcher.Look(folder.FullPath, new SubmittedJob(record.Job, record.Tasks), lifetime.ApplicationStopping);
            if (parsed.GetValue(json))
            {
                Terminal.Line(Json(folder, record, tasks).ToJsonString());
            }
            else
            {
                Write(folder, record, tasks);
            }

            return tasks.Any(task => task.State == TaskState.Failed) ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildCancel()
    {
        var launch = Argument();
        var command = new Command("cancel", "Tells all tasks of a launch to end. Each leaves a checkpoint, and what it had to others.\nA sweep goes on by the command that submitted it, a single run by its script in the launch's folder, or by 'run --resume'.\n\n"
            + "Exit codes: 0 they were told, or had ended; 1 nobody answers; 64 there is no such launch.") { launch, output, plugins };
        command.SetAction(parsed =>
        {
            var (folder, record, launcher) = Find(parsed, launch);
            launcher.Cancel(folder.FullPath, new SubmittedJob(record.Job, record.Tasks), lifetime.ApplicationStopping);
            terminal.Note($"{folder.Name}: its tasks were told to end.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private Command BuildLogs()
    {
        var launch = Argument();
        var task = new Option<int?>("--task") { Description = "Only this task's, by its number.", HelpName = "n" }.Within("a task's number", 0, int.MaxValue);
        var command = new Command("logs", "Shows what the tasks of a launch said, the end of it where it is long. Whole logs lie in the launch's folder.\n\n"
            + "Exit codes: 0 done; 64 there is no such launch, or no such log.") { launch, task, output };
        command.SetAction(parsed =>
        {
            var folder = LaunchFolder.Find(parsed.GetValue(output)!, parsed.GetValue(launch));
            var number = parsed.GetValue(task);
            List<string> logs = [.. folder.Logs.Where(log => number is null || Path.GetFileNameWithoutExtension(log).EndsWith($"-{number}", StringComparison.Ordinal))];
            if (logs.Count == 0)
            {
                throw new UserException(number is null ? $"{folder.Name}: no task has said anything yet." : $"{folder.Name}: task {number} has said nothing; {folder.Logs.Count} logs are in {folder.FullPath}.");
            }

            foreach (var log in logs)
            {
                Terminal.Line($"---- {log}");
                Terminal.Line(End(log));
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Argument<string?> Argument() => new Argument<string?>("launch")
    {
        Description = "The launch: its name, its folder, or its pipeline's name, which means the newest. The newest of all when it is not given.",
        Arity = ArgumentArity.ZeroOrOne,
    }.ThatNames("launch");

    private (LaunchFolder Folder, LaunchRecord Record, ILauncher Launcher) Find(ParseResult parsed, Argument<string?> launch)
    {
        var folder = LaunchFolder.Find(parsed.GetValue(output)!, parsed.GetValue(launch));
        var record = folder.Read();
        var profile = LaunchProfile.Read(Path.Combine(folder.FullPath, LaunchFolder.ProfileName), record.Launcher, folders.Read(parsed.GetValue(plugins)!), toSubmit: false, out var mistakes);
        return (folder, record, profile?.Launcher ?? throw new UserException(string.Join("\n       ", mistakes)));
    }

    private void Write(LaunchFolder folder, LaunchRecord record, IReadOnlyList<LaunchedTask> tasks)
    {
        terminal.Out.MarkupLine($"[bold]{folder.Name.EscapeMarkup()}[/] {record.Launcher.EscapeMarkup()} job {record.Job.EscapeMarkup()}, {record.Tasks} {(record.Sweep is null ? "worker hosts" : "tasks")}");
        foreach (var task in tasks)
        {
            terminal.Out.WriteLine($"  {task.Name,-6} {task.State.ToString().ToLowerInvariant(),-10} {task.Detail}");
        }

        terminal.Out.WriteLine($"  folder {folder.FullPath}");
        terminal.Out.WriteLine(record.Sweep is { } sweep ? $"  what it has come to: orchestrator sweep status {ShellWord.Quote(sweep)}" : $"  what it has come to: orchestrator runs list --output {ShellWord.Quote(Path.GetDirectoryName(Path.GetDirectoryName(folder.FullPath))!)}");
    }

    private static JsonObject Json(LaunchFolder folder, LaunchRecord record, IReadOnlyList<LaunchedTask> tasks) => new()
    {
        ["launch"] = folder.Name,
        ["folder"] = folder.FullPath,
        ["launcher"] = record.Launcher,
        ["job"] = record.Job,
        ["sweep"] = record.Sweep,
        ["tasks"] = new JsonArray([.. tasks.Select(task => new JsonObject { ["task"] = task.Name, ["state"] = task.State.ToString().ToLowerInvariant(), ["detail"] = task.Detail })]),
    };

    private static string End(string log)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var isCut = file.Length > LastBytes;
        file.Seek(isCut ? -LastBytes : 0, isCut ? SeekOrigin.End : SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd().TrimEnd('\n');
        return isCut ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text;
    }
}
