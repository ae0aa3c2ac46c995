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
    // closing terminal leaves alone.
    private const string Start =
        "cd \"$0\" && if command -v setsid >/dev/null; then setsid bash job.sh </dev/null >>job.log 2>&1 & else set -m; nohup bash job.sh </dev/null >>job.log 2>&1 & fi; echo $! >job.pid; cat job.pid";

    /// <summary>The script: a command, and what tells others how it ended.</summary>
    /// <param name="lines">Lines that start what is to run in the background and wait for it, and
    /// leave what it returned in <c>$code</c>.</param>
    public static LaunchFile Script(IEnumerable<string> lines) => new(
        ScriptName, string.Join('\n', (string[])["#!/bin/bash", $"rm -f {EndFile}", "code=1", $"trap 'echo \"$code\" >{EndFile}' EXIT", .. lines, "exit \"$code\""]) + "\n");

    /// <summary>Starts it.</summary>
    /// <exception cref="LaunchException">There is no bash.</exception>
    public static string Submit(LaunchRequest request)
    {
        var start = new ProcessStartInfo("bash", ["-c", Start, request.Folder]) { RedirectStandardOutput = true, RedirectStandardInput = true };
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
        var process = Living(folder);
        if (Read(folder, EndFile) is { Length: > 0 } code)
        {
            return new LaunchedTask(name, code == "0" ? TaskState.Ended : TaskState.Failed, $"exit code {code}");
        }

        return process is not null
            ? new LaunchedTask(name, TaskState.Running, $"process {process} on {Environment.MachineName}")
            : new LaunchedTask(name, TaskState.Failed, $"its process is gone; see {LogFile}");
    }

    /// <summary>Tells it to end; it tells its tasks.</summary>
    public static void Cancel(string folder)
    {
        if (Living(folder) is { } process)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true });
            kill!.WaitForExit();
        }
    }

    // The number may be another process's by now: only one that runs this folder's script counts.
    private static int? Living(string folder)
    {
        if (!int.TryParse(Read(folder, ProcessFile), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
        {
            return null;
        }

        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "args=", "-p", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var command = ps.StandardOutput.ReadToEnd();
        ps.WaitForExit();
        return command.Contains(ScriptName, StringComparison.Ordinal) ? process : null;
    }

    private static string? Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
