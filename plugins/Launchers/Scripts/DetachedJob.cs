using System.Diagnostics;
using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>
/// A script that runs on this machine in a session of its own, so that it outlives whoever started
/// it. What it does is read from files of its folder.
/// </summary>
internal static class DetachedJob
{
    /// <summary>The script that is started.</summary>
    public const string ScriptName = "job.sh";

    private const string ProcessFile = "job.pid";
    private const string EndFile = "job.exit";
    private const string LogFile = "job.log";

    // In a session of its own where the system has setsid; else in a group of its own, which a
    // closing terminal leaves alone. With a word of its own, by which its process is known again.
    private const string Start =
        "cd \"$0\" && if command -v setsid >/dev/null; then setsid bash job.sh \"$2\" </dev/null >>job.log 2>&1 & else set -m; nohup bash job.sh \"$2\" </dev/null >>job.log 2>&1 & fi; echo \"$! $1 $2\" >job.pid; echo $!";

    /// <summary>The script: a command, and what tells others how it ended.</summary>
    /// <param name="lines">Lines that start what is to run in the background and wait for it, and
    /// leave what it returned in <c>$code</c>.</param>
    public static LaunchFile Script(IEnumerable<string> lines) => new(
        ScriptName, string.Join('\n', (string[])["#!/bin/bash", $"rm -f {EndFile}", "code=1", $"trap 'echo \"$code\" >{EndFile}' EXIT", .. lines, "exit \"$code\""]) + "\n");

    /// <summary>Starts it.</summary>
    /// <exception cref="LaunchException">There is no bash.</exception>
    public static string Submit(LaunchRequest request)
    {
        var start = new ProcessStartInfo("bash", ["-c", Start, request.Folder, Environment.MachineName, Guid.NewGuid().ToString("N")]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var id = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 && id.Length > 0 ? id : throw new LaunchException($"{request.Folder}: its {ScriptName} cannot be started (exit code {process.ExitCode}).");
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new LaunchException($"bash cannot be started: {failure.Message}; launchers need it.", failure);
        }
    }

    /// <summary>How it, or one of its tasks, is doing.</summary>
    /// <param name="folder">The launch's folder.</param>
    /// <param name="name">The task's name.</param>
    public static LaunchedTask Look(string folder, string name)
    {
        // In this order: it may end between the two.
        var place = Place(folder);
        var process = Living(place);
        if (Read(folder, EndFile) is { Length: > 0 } code)
        {
            return new LaunchedTask(name, code == "0" ? TaskState.Ended : TaskState.Failed, $"exit code {code}");
        }

        if (place is { IsHere: false })
        {
            return new LaunchedTask(name, TaskState.Running, $"process {place.Process} on {place.Machine}, when it was last heard of; only there can be asked whether it lives");
        }

        return process is not null
            ? new LaunchedTask(name, TaskState.Running, $"process {process} on {Environment.MachineName}")
            : new LaunchedTask(name, TaskState.Failed, $"its process is gone; see {LogFile}");
    }

    /// <summary>Tells it to end; it tells its tasks.</summary>
    /// <exception cref="LaunchException">It is on another machine.</exception>
    public static void Cancel(string folder)
    {
        var place = Place(folder);
        if (place is { IsHere: false } && Read(folder, EndFile) is not { Length: > 0 })
        {
            throw new LaunchException($"{folder}: it was started on {place.Machine}; only there it can be told to end.");
        }

        if (Living(place) is { } process)
        {
            _ = Said("kill", "-TERM", process.ToString(CultureInfo.InvariantCulture));
        }
    }

    // The number may be another process's by now: only one that has this launch's word counts.
    private static int? Living(ProcessPlace? place)
    {
        if (place is not { IsHere: true })
        {
            return null;
        }

        var command = Said("ps", "-ww", "-o", "args=", "-p", place.Process.ToString(CultureInfo.InvariantCulture));
        return command.TrimEnd().EndsWith($"{ScriptName} {place.Word}".TrimEnd(), StringComparison.Ordinal) ? place.Process : null;
    }

    private static string Said(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return said;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new LaunchException($"{program} cannot be started: {failure.Message}; Debian has it in procps.", failure);
        }
    }

    // The program before this one wrote the number alone.
    private static ProcessPlace? Place(string folder) => Read(folder, ProcessFile)?.Split(' ') is [var number, .. var rest] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        ? new ProcessPlace(process, rest.Length > 0 ? rest[0] : Environment.MachineName, rest.Length > 1 ? rest[1] : "")
        : null;

    private static string? Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private sealed record ProcessPlace(int Process, string Machine, string Word)
    {
        public bool IsHere => Machine == Environment.MachineName;
    }
}
