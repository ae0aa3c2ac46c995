namespace Orchestrator.Abstractions;

/// <summary>
/// What is to be started: equal tasks that need nothing of each other, or a server with worker
/// hosts.
/// </summary>
/// <param name="Name">What it is called in a scheduler's lists: letters, digits, <c>-</c>,
/// <c>_</c>, <c>.</c></param>
/// <param name="Folder">Full path of a folder that exists, of this launch alone and on a file
/// system that all tasks see: files, logs and states lie there.</param>
/// <param name="Directory">Full path of the folder in which tasks start.</param>
/// <param name="Tasks">Equal tasks, at least 1; 1 where there are worker hosts.</param>
/// <param name="Command">How a shell starts each task, or the server: words in quotes where they
/// need them.</param>
public sealed record LaunchRequest(string Name, string Folder, string Directory, int Tasks, string Command)
{
    /// <summary>
    /// What a task returns when its time is over and work is left: it is to be started again.
    /// </summary>
    public const int WorkLeft = 75;

    /// <summary>
    /// What a task returns when it was told to end, by a signal, and has handed back what it had.
    /// </summary>
    public const int Stopped = 130;

    /// <summary>
    /// The environment variable in which a task finds when its time is over, in seconds since 1970;
    /// not set where no limit is known.
    /// </summary>
    public const string UntilVariable = "ORCHESTRATOR_UNTIL";

    /// <summary>Worker hosts beside the server; 0 for equal tasks.</summary>
    public int Hosts { get; init; }

    /// <summary>How a shell starts each worker host; empty where there are none.</summary>
    public string HostCommand { get; init; } = "";
}

/// <summary>A file of a launch.</summary>
/// <param name="Name">Its name in the launch's folder.</param>
/// <param name="Text">What it holds; lines end with a line feed.</param>
public sealed record LaunchFile(string Name, string Text);

/// <summary>What was submitted.</summary>
/// <param name="Id">As whoever starts it calls it.</param>
/// <param name="Tasks">Tasks, or worker hosts; fewer than were asked for where there is a
/// limit.</param>
public sealed record SubmittedJob(string Id, int Tasks);

/// <summary>How a task is doing.</summary>
/// <param name="Name">Its number, from 0; <c>job</c> for the server with its hosts.</param>
/// <param name="State">What it does.</param>
/// <param name="Detail">Where, or why, in a few words; may be empty.</param>
public sealed record LaunchedTask(string Name, TaskState State, string Detail);

/// <summary>What a task does.</summary>
public enum TaskState
{
    /// <summary>It has not been started yet, or is to be started again.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended by itself, with nothing left to do for it.</summary>
    Ended,

    /// <summary>It ended in another way: it failed, was cancelled or lost.</summary>
    Failed,

    /// <summary>Nobody knows it any more.</summary>
    Forgotten,
}
