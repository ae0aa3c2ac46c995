namespace Orchestrator.Abstractions;

/// <summary>
/// Starts tasks somewhere, and says how they are doing: processes of this machine, a cluster's
/// scheduler, OpenMPI. What it starts needs neither the process that submitted it nor a terminal.
/// Its options are what a profile may say. Scripts are a function of options and request alone; the
/// tasks find out by themselves what there is to do, so any of them may end, or be started again,
/// at any time.
/// </summary>
public interface ILauncher
{
    /// <summary>What the profile says of one task.</summary>
    LauncherTerms Terms { get; }

    /// <summary>
    /// What is wrong with the options beyond their declared types and ranges, all of it.
    /// </summary>
    IReadOnlyList<OptionException> Mistakes => [];

    /// <summary>
    /// The files of a launch, the one that is submitted first. Nothing is started or asked.
    /// </summary>
    /// <param name="request">What is to be started.</param>
    IReadOnlyList<LaunchFile> Write(LaunchRequest request);

    /// <summary>
    /// The largest number of tasks that one submission may have; asks whoever would start them.
    /// </summary>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LaunchException">Nobody answers.</exception>
    int LargestArray(CancellationToken stop) => int.MaxValue;

    /// <summary>
    /// Starts it. The files have been written into the request's folder; returns at once.
    /// </summary>
    /// <param name="request">What is to be started.</param>
    /// <param name="stop">Ends it early, before anything is submitted.</param>
    /// <exception cref="LaunchException">It was refused; the message says why.</exception>
    SubmittedJob Submit(LaunchRequest request, CancellationToken stop);

    /// <summary>How the tasks are doing, one entry for each.</summary>
    /// <param name="folder">The launch's folder.</param>
    /// <param name="job">What was submitted.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LaunchException">Nobody answers.</exception>
    IReadOnlyList<LaunchedTask> Look(string folder, SubmittedJob job, CancellationToken stop);

    /// <summary>
    /// Tells all tasks to end; each leaves a checkpoint, and what it had to others. Nothing where
    /// all have ended.
    /// </summary>
    /// <param name="folder">The launch's folder.</param>
    /// <param name="job">What was submitted.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="LaunchException">Nobody answers.</exception>
    void Cancel(string folder, SubmittedJob job, CancellationToken stop);
}

/// <summary>What a profile says of one task, for whoever plans a launch.</summary>
/// <param name="Cpus">Processors of a task, or of a worker host; at least 1.</param>
public sealed record LauncherTerms(int Cpus)
{
    /// <summary>Longest time of a task; null where there is no limit, or none is known.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>
    /// How a shell starts the program there, such as <c>dotnet /opt/orchestrator.dll</c>; null for
    /// the program that submits.
    /// </summary>
    public string? Command { get; init; }

    /// <summary>Work that a task is given at least, so that short runs share one.</summary>
    public TimeSpan LeastWork { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most tasks of one launch; null for as many as are worth it.</summary>
    public int? Tasks { get; init; }
}

/// <summary>A scheduler, or the system, refused something or did not answer.</summary>
public sealed class LaunchException : Exception
{
    /// <summary>With a message for the user.</summary>
    /// <param name="message">Who refused what, and in which words.</param>
    public LaunchException(string message) : base(message) { }

    /// <summary>With a message for the user, and the exception that was met.</summary>
    /// <param name="message">Who refused what, and in which words.</param>
    /// <param name="inner">What was thrown.</param>
    public LaunchException(string message, Exception inner) : base(message, inner) { }
}
