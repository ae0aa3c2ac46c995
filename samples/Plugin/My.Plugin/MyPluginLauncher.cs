using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Orchestrator.Abstractions;

namespace My.Plugin;

/// <summary>Options of the launcher <c>my-plugin</c>: what a profile for it may say.</summary>
public sealed record MyPluginLauncherOptions(
    [Description("How much the tasks give way to other processes.")][Range(0, 19)] int Niceness = 10,
    [Description("Processors of each task.")][Range(1, 1024)] int Cpus = 1);

/// <summary>
/// Tasks as processes of this machine that give way to others. All that is known of them lies in
/// files of the launch's folder, so that any process can ask.
/// </summary>
[Plugin("my-plugin")]
[Description("Processes of this machine that give way to others.")]
internal sealed class MyPluginLauncher(MyPluginLauncherOptions options) : ILauncher
{
    /// <summary>As many tasks as there is room for.</summary>
    public LauncherTerms Terms => new(options.Cpus) { Tasks = Math.Max(1, Environment.ProcessorCount / options.Cpus) };

    /// <summary>One script for all; each task is told its number.</summary>
    public IReadOnlyList<LaunchFile> Write(LaunchRequest request) =>
    [
        new("task.sh", Script(request.Directory, request.Command, "task")),
        .. request.Hosts > 0 ? [new LaunchFile("host.sh", Script(request.Directory, request.HostCommand, "host"))] : Array.Empty<LaunchFile>(),
    ];

    /// <summary>Starts them in sessions of their own, which outlive this process.</summary>
    public SubmittedJob Submit(LaunchRequest request, CancellationToken stop)
    {
        for (var task = 0; task < request.Tasks; task++)
        {
            Start(request.Folder, "task.sh", task);
        }

        for (var host = 0; host < request.Hosts; host++)
        {
            Start(request.Folder, "host.sh", host);
        }

        return new SubmittedJob(Path.GetFileName(request.Folder), Math.Max(request.Tasks, request.Hosts));
    }

    /// <summary>A task that has left its exit code has ended.</summary>
    public IReadOnlyList<LaunchedTask> Look(string folder, SubmittedJob job, CancellationToken stop) =>
    [
        .. Directory.GetFiles(folder, "task-*.pid").Order(StringComparer.Ordinal).Select(file => (Name: Path.GetFileNameWithoutExtension(file)[5..], End: Path.ChangeExtension(file, ".exit")))
            .Select(task => !File.Exists(task.End) ? new LaunchedTask(task.Name, TaskState.Running, "")
                : new LaunchedTask(task.Name, File.ReadAllText(task.End).Trim() == "0" ? TaskState.Ended : TaskState.Failed, "")),
    ];

    /// <summary>The scripts pass SIGTERM on as SIGUSR2.</summary>
    public void Cancel(string folder, SubmittedJob job, CancellationToken stop)
    {
        foreach (var file in Directory.GetFiles(folder, "*.pid").Where(file => !File.Exists(Path.ChangeExtension(file, ".exit"))))
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", File.ReadAllText(file).Trim()]) { RedirectStandardError = true })!;
            kill.WaitForExit();
        }
    }

    // A program that somebody killed is started again; one that was told to end is not.
    private string Script(string directory, string command, string kind) => $$"""
        #!/bin/sh
        folder=$(cd "$(dirname "$0")" && pwd)
        cd {{ShellWord.Quote(directory)}} || exit 1
        told=
        trap 'told=yes; kill -USR2 "$program" 2>/dev/null' TERM
        while [ -z "$told" ]; do
          nice -n {{options.Niceness}} {{command}} &
          program=$!
          while :; do
            wait "$program"; code=$?
            kill -0 "$program" 2>/dev/null || break
          done
          [ "$code" -eq 137 ] || [ "$code" -eq {{LaunchRequest.WorkLeft}} ] || break
        done
        echo "$code" >"$folder/{{kind}}-$1.new" && mv "$folder/{{kind}}-$1.new" "$folder/{{kind}}-$1.exit"

        """.ReplaceLineEndings("\n");

    private static void Start(string folder, string script, int number)
    {
        var name = $"{Path.GetFileNameWithoutExtension(script)}-{number}";
        var start = new ProcessStartInfo("sh", ["-c", $"setsid sh {script} {number} </dev/null >>{name}.log 2>&1 & echo $! >{name}.pid"]) { WorkingDirectory = folder };
        using var shell = Process.Start(start)!;
        shell.WaitForExit();
    }
}
