using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>
/// Writes the scripts in which tasks, a server and worker hosts run. Signals become SIGUSR2 to the
/// program, which then leaves a checkpoint and ends, however often it comes; a program that somebody
/// killed is started again, and goes on from its checkpoints.
/// </summary>
/// <param name="request">What is started.</param>
/// <param name="settings">Its surroundings.</param>
internal sealed class TaskScript(LaunchRequest request, TaskSettings settings)
{
    /// <summary>The file that holds one task, or the server with what starts its hosts.</summary>
    public const string TaskName = "task.sh";

    /// <summary>The file that holds one worker host.</summary>
    public const string HostName = "host.sh";

    // Of one program in one task.
    private const int MostStarts = 5;

    /// <summary>One of equal tasks.</summary>
    /// <param name="header">Lines for whoever starts it.</param>
    /// <param name="before">Lines before the program starts.</param>
    /// <param name="after">Lines after it has ended, with what it returned in <c>$code</c>, and
    /// <c>$limit</c> not empty where its time is over.</param>
    public LaunchFile Task(IEnumerable<string> header, IEnumerable<string> before, IEnumerable<string> after) =>
        File(TaskName, header, [.. before, .. Program(request.Command, "the task"), .. after, "exit \"$code\""]);

    /// <summary>The server, and what starts its worker hosts as long as it lives.</summary>
    /// <param name="header">Lines for whoever starts it.</param>
    /// <param name="hosts">A command that runs all worker hosts and returns when they have
    /// ended.</param>
    /// <param name="after">As for a task.</param>
    public LaunchFile Server(IEnumerable<string> header, string hosts, IEnumerable<string> after) => File(TaskName, header,
    [
        $"over={ShellWord.Quote(Path.Combine(request.Folder, "over"))}",
        "rm -f \"$over\"",
        "# Worker hosts that are lost are started again as long as the server lives.",
        "hosts() {",
        "  trap 'kill \"$step\" 2>/dev/null' TERM",
        "  while [ ! -e \"$over\" ]; do",
        $"    {hosts} &",
        "    step=$!",
        "    wait \"$step\"",
        "    [ -e \"$over\" ] || sleep 2",
        "  done",
        "}",
        "hosts &",
        "hosts=$!",
        .. Program(request.Command, "the server"),
        "touch \"$over\"",
        "# They end with the run; whoever does not is told to.",
        "for second in 1 2 3 4 5 6 7 8 9 10; do",
        "  kill -0 \"$hosts\" 2>/dev/null || break",
        "  sleep 1",
        "done",
        "kill \"$hosts\" 2>/dev/null",
        .. after,
        "exit \"$code\"",
    ]);

    /// <summary>One worker host, started again while the server lives.</summary>
    /// <param name="number">Its number, as a shell finds it.</param>
    public LaunchFile Host(string number) => File(HostName, [],
    [
        $"exec >> {ShellWord.Quote(request.Folder)}/host-{number}.log 2>&1",
        $"over={ShellWord.Quote(Path.Combine(request.Folder, "over"))}",
        "lost=0",
        "while [ ! -e \"$over\" ] && [ \"$lost\" -lt 20 ]; do",
        "  began=$(date +%s)",
        .. Program(request.HostCommand, "the worker host").Select(line => "  " + line),
        "  [ \"$code\" -ne 0 ] && [ -z \"$stopped\" ] || break",
        "  # One that worked for a while may be lost again and again.",
        "  [ $(($(date +%s) - began)) -lt 10 ] && lost=$((lost + 1)) || lost=0",
        "  sleep 1",
        "done",
        "exit \"$code\"",
    ]);

    private LaunchFile File(string name, IEnumerable<string> header, IEnumerable<string> body) => new(
        name, string.Join('\n', (string[])["#!/bin/bash", .. header, .. settings.Lines(request.Directory), .. body]) + "\n");

    // Bash's wait returns early for each signal; what the program returned is asked for again then.
    private static string[] Program(string command, string what) =>
    [
        $"# Runs {what}. A signal of the scheduler has it leave a checkpoint and end.",
        $"limit= stopped= starts=0 code={LaunchRequest.Stopped}",
        "stop() { stopped=yes; kill -USR2 \"$program\" 2>/dev/null; }",
        "trap 'limit=yes; stop' USR1",
        "trap stop TERM USR2",
        "while [ -z \"$stopped\" ]; do",
        $"  {command} &",
        "  program=$!",
        "  while :; do",
        "    wait \"$program\"; code=$?",
        "    kill -0 \"$program\" 2>/dev/null || break",
        "  done",
        "  if [ \"$code\" -gt 128 ]; then wait \"$program\" 2>/dev/null; again=$?; [ \"$again\" -eq 127 ] || code=$again; fi",
        "  # Told to end before it could listen, it has nothing to hand back.",
        $"  case $code in 138 | 140 | 143) code={LaunchRequest.Stopped} ;; esac",
        "  # Somebody killed it.",
        $"  [ \"$code\" -eq 137 ] && [ -z \"$stopped\" ] && [ \"$starts\" -lt {MostStarts - 1} ] || break",
        "  starts=$((starts + 1))",
        "done",
    ];
}
