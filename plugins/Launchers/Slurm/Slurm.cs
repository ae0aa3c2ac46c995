using System.ComponentModel;
using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>
/// Tasks as an array job of Slurm, or a server and its worker hosts in one allocation. A task whose
/// time is over while work is left has Slurm put it into the queue again.
/// </summary>
[Description("An array job of Slurm, or server and worker hosts in one allocation.")]
[Plugin("slurm")]
internal sealed class Slurm(SlurmOptions options) : ILauncher
{
    // What Slurm says where an account or a user may not have so many jobs at a time.
    private static readonly string[] TooMany = ["MaxSubmit", "job submit limit", "Job violates accounting", "AssocMaxSubmitJobLimit", "QOSMaxSubmitJob"];

    private readonly TaskSettings settings = new(options.Modules, options.Environment);
    private readonly SchedulerCalls calls = new(TimeProvider.System);

    public LauncherTerms Terms => new(options.Cpus)
    {
        Time = Time is { } time ? time - TimeSpan.FromSeconds(options.LeadSeconds) : null,
        Command = options.Command,
        LeastWork = TimeSpan.FromMinutes(options.TaskMinutes),
        Tasks = options.Tasks,
    };

    public IReadOnlyList<OptionException> Mistakes =>
    [
        .. options.Time is { } time && Time is null ? [new OptionException("time", $"'{time}' is no time of Slurm; minutes, H:M:S or D-H:M:S are allowed")] : Array.Empty<OptionException>(),
        .. Time?.TotalSeconds <= options.LeadSeconds ? [new OptionException("leadSeconds", $"{options.LeadSeconds} s are all of time, {options.Time}; less is needed")] : Array.Empty<OptionException>(),
        .. options.Memory is { } memory && SlurmValues.Megabytes(memory) is null ? [new OptionException("memory", $"'{memory}' is no size; a number with M or G is allowed, such as 512M or 4G")] : Array.Empty<OptionException>(),
        .. settings.Mistakes(),
    ];

    private TimeSpan? Time => options.Time is { } text ? SlurmValues.Time(text) : null;

    public IReadOnlyList<LaunchFile> Write(LaunchRequest request)
    {
        var script = new TaskScript(request, settings);
        if (request.Hosts == 0)
        {
            return [script.Task([.. Header(request), $"#SBATCH --array=0-{request.Tasks - 1}", Output(request, "%a")], Until(), Again(request))];
        }

        var step = $"srun --ntasks={request.Hosts} --cpus-per-task={options.Cpus} --kill-on-bad-exit=0 --mpi=none --output=none bash {ShellWord.Quote(Path.Combine(request.Folder, TaskScript.HostName))}";
        return
        [
            script.Server([.. Header(request), $"#SBATCH --ntasks={request.Hosts}", Output(request, "0")], step, Again(request)),
            script.Host("${SLURM_PROCID:-0}"),
        ];
    }

    public int LargestArray(CancellationToken stop)
    {
        var line = calls.Ask(stop, "scontrol", "show", "config").Split('\n').FirstOrDefault(line => line.StartsWith("MaxArraySize", StringComparison.Ordinal));
        return line?.Split('=') is [_, var value] && int.TryParse(value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : 1;
    }

    public SubmittedJob Submit(LaunchRequest request, CancellationToken stop)
    {
        var (script, tasks) = (Path.Combine(request.Folder, TaskScript.TaskName), request.Tasks);
        while (true)
        {
            try
            {
                // Fewer than the script says, where there is a limit: those left do the work of all.
                string[] array = request.Hosts == 0 ? [$"--array=0-{tasks - 1}"] : [];
                var id = calls.Once(stop, "sbatch", ["--parsable", .. array, script]).Split(';')[0];
                return new SubmittedJob(id, request.Hosts == 0 ? tasks : request.Hosts);
            }
            catch (LaunchException refused) when (tasks > 1 && TooMany.Any(words => refused.Message.Contains(words, StringComparison.OrdinalIgnoreCase)))
            {
                tasks /= 2;
            }
        }
    }

    public IReadOnlyList<LaunchedTask> Look(string folder, SubmittedJob job, CancellationToken stop)
    {
        string listed;
        try
        {
            listed = calls.Ask(stop, "squeue", "--noheader", "--array", "--states=all", "--jobs=" + job.Id, "--format=%K|%T|%r|%N");
        }
        catch (LaunchException unknown) when (unknown.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            listed = "";
        }

        List<LaunchedTask> tasks = [.. listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Task).OrderBy(task => task.Name.Length).ThenBy(task => task.Name, StringComparer.Ordinal)];
        return tasks.Count > 0 ? tasks : [new LaunchedTask("job", TaskState.Forgotten, "Slurm knows it no more")];
    }

    public void Cancel(string folder, SubmittedJob job, CancellationToken stop)
    {
        try
        {
            calls.Ask(stop, "scancel", job.Id);
        }
        catch (LaunchException unknown) when (unknown.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            // All of it has ended.
        }
    }

    private static string Output(LaunchRequest request, string number) => $"#SBATCH --output={ShellWord.Quote(Path.Combine(request.Folder.Replace("%", "%%", StringComparison.Ordinal), $"task-{number}.log"))}";

    private string[] Header(LaunchRequest request)
    {
        (string Name, string? Value)[] asked =
        [
            ("job-name", request.Name), ("partition", options.Partition), ("account", options.Account), ("qos", options.Qos), ("time", options.Time),
            ("cpus-per-task", options.Cpus.ToString(CultureInfo.InvariantCulture)),
            ("mem-per-cpu", options.Memory is { } memory && SlurmValues.Megabytes(memory) is { } all ? FormattableString.Invariant($"{(all + options.Cpus - 1) / options.Cpus}M") : null),
            ("signal", FormattableString.Invariant($"B:USR1@{options.LeadSeconds}")),
            ("open-mode", "append"),
        ];
        return
        [
            .. asked.Where(option => option.Value is not null).Select(option => $"#SBATCH --{option.Name}={ShellWord.Quote(option.Value!)}"),
            "#SBATCH --requeue",
            .. (options.Arguments ?? []).Select(argument => $"#SBATCH {argument}"),
        ];
    }

    // Newer Slurm tells a job when it ends; otherwise it has the time that it asked for.
    private string[] Until() => Time is { } time
        ? [FormattableString.Invariant($"export {LaunchRequest.UntilVariable}=$((${{SLURM_JOB_END_TIME:-$(($(date +%s) + {(long)time.TotalSeconds}))}} - {options.LeadSeconds}))")]
        : [FormattableString.Invariant($"[ -z \"$SLURM_JOB_END_TIME\" ] || export {LaunchRequest.UntilVariable}=$((SLURM_JOB_END_TIME - {options.LeadSeconds}))")];

    // So many calls of all tasks a second that each has made its own within half of the time that
    // they are told ahead: whoever makes one of the second's folders makes a call. A task is named by
    // its index: the one that starts last has the array's own number, which means all of them. Whoever
    // is told to end before its time is over does not come again.
    private string[] Again(LaunchRequest request) =>
    [
        $"if [ \"$code\" -eq {LaunchRequest.WorkLeft} ] || {{ [ \"$code\" -eq {LaunchRequest.Stopped} ] && [ -n \"$limit\" ]; }}; then",
        $"  calls={ShellWord.Quote(Path.Combine(request.Folder, "calls"))}",
        "  mkdir -p \"$calls\"",
        FormattableString.Invariant($"  ends=${{SLURM_JOB_END_TIME:-$((${{{LaunchRequest.UntilVariable}:--{options.LeadSeconds}}} + {options.LeadSeconds}))}} told="),
        "  trap '[ \"$(date +%s)\" -ge \"$ends\" ] || told=yes' TERM",
        "  for try in 1 2 3 4 5; do",
        FormattableString.Invariant($"    until [ -n \"$told\" ] || mkdir \"$calls/$(date +%s).$((RANDOM % {Rate(request)}))\" 2>/dev/null; do sleep 1; done"),
        "    [ -z \"$told\" ] || break",
        "    # Slurm ends this task then, and starts it again when there is room.",
        $"    scontrol requeue \"{(request.Hosts == 0 ? "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" : "$SLURM_JOB_ID")}\" && {{ sleep 60 & wait; break; }}",
        "    sleep 3",
        "  done",
        "fi",
    ];

    private int Rate(LaunchRequest request) => Math.Max(1, ((2 * request.Tasks) + options.LeadSeconds - 1) / options.LeadSeconds);

    // Index, state, reason, nodes.
    private static LaunchedTask Task(string line)
    {
        var fields = line.Split('|');
        var (name, state) = (fields[0] == "N/A" ? "job" : fields[0], fields.ElementAtOrDefault(1) ?? "");
        var detail = string.Join(' ', fields.Skip(2).Where(field => field.Length > 0 && field != "None").Prepend(state.ToLowerInvariant()));
        return new LaunchedTask(name, State(state), detail);
    }

    private static TaskState State(string word) => word switch
    {
        "PENDING" or "CONFIGURING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" => TaskState.Waiting,
        "RUNNING" or "COMPLETING" or "SUSPENDED" or "SIGNALING" or "STAGE_OUT" or "STOPPED" or "RESIZING" => TaskState.Running,
        "COMPLETED" => TaskState.Ended,
        _ => TaskState.Failed,
    };
}
