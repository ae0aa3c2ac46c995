using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>
/// Tasks that OpenMPI's mpirun starts on the machines of a hosts file. They use no message passing:
/// mpirun is what reaches the machines. One that ends does not end the others.
/// </summary>
[Description("Processes on the machines of a hosts file, started by OpenMPI's mpirun.")]
[Plugin("mpi")]
internal sealed class Mpi(MpiOptions options) : ILauncher
{
    private const string Rank = "${OMPI_COMM_WORLD_RANK:-0}";

    private readonly TaskSettings settings = new(options.Modules, options.Environment);

    public LauncherTerms Terms => new(options.Cpus)
    {
        Command = options.Command,
        LeastWork = TimeSpan.FromMinutes(options.TaskMinutes),
        Tasks = options.Tasks ?? Machines().Count switch { 0 => 1, var count => count },
    };

    public IReadOnlyList<OptionException> Mistakes =>
    [
        .. options.Hosts is { } file && !File.Exists(file) ? [new OptionException("hosts", $"there is no file '{file}'; one machine a line is expected")]
            : options.Hosts is { } empty && Machines().Count == 0 ? [new OptionException("hosts", $"'{empty}' names no machine; one a line is expected")] : Array.Empty<OptionException>(),
        .. settings.Mistakes(),
    ];

    public IReadOnlyList<LaunchFile> Write(LaunchRequest request)
    {
        var script = new TaskScript(request, settings);
        if (request.Hosts == 0)
        {
            return
            [
                DetachedJob.Script([.. Waited($"{Run(request.Tasks)} bash {ShellWord.Quote(Path.Combine(request.Folder, TaskScript.TaskName))}"), .. Worst(request.Tasks)]),
                script.Task([], [$"exec >>{ShellWord.Quote(request.Folder)}/task-\"{Rank}\".log 2>&1"], [$"echo \"$code\" >{ShellWord.Quote(request.Folder)}/task-\"{Rank}\".exit"]),
            ];
        }

        return
        [
            DetachedJob.Script(Waited($"bash {TaskScript.TaskName} >>task-0.log 2>&1", "TERM")),
            script.Server([.. AsRoot], $"{Run(request.Hosts)} bash {ShellWord.Quote(Path.Combine(request.Folder, TaskScript.HostName))} >>{ShellWord.Quote(request.Folder)}/hosts.log 2>&1", []),
            script.Host(Rank),
        ];
    }

    public SubmittedJob Submit(LaunchRequest request, CancellationToken stop) =>
        new(DetachedJob.Submit(request), request.Hosts == 0 ? request.Tasks : request.Hosts);

    public IReadOnlyList<LaunchedTask> Look(string folder, SubmittedJob job, CancellationToken stop) => [DetachedJob.Look(folder, "job")];

    public void Cancel(string folder, SubmittedJob job, CancellationToken stop) => DetachedJob.Cancel(folder);

    // Whoever is root here, as in a container, means it; mpirun would ask.
    private static string[] AsRoot => ["[ \"$(id -u)\" -ne 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"];

    // mpirun passes SIGUSR2 on to all that it started, which leaves them time to end; what it does
    // at SIGTERM does not.
    private static string[] Waited(string command, string signal = "USR2") =>
    [
        .. AsRoot,
        $"{command} &",
        "started=$!",
        $"trap 'kill -{signal} \"$started\" 2>/dev/null' TERM",
        "while :; do",
        "  wait \"$started\"; code=$?",
        "  kill -0 \"$started\" 2>/dev/null || break",
        "done",
    ];

    // What mpirun itself returns says nothing of them. One that left no word was killed.
    private static string[] Worst(int count) =>
    [
        "code=0",
        $"for index in $(seq 0 {count - 1}); do",
        "  ended=$(cat \"task-$index.exit\" 2>/dev/null || echo 137)",
        "  [ \"$ended\" -eq 0 ] || code=$ended",
        "done",
    ];

    // Nobody's end ends the others, whatever it returns and whoever killed it.
    private string Run(int count)
    {
        string[] words =
        [
            "mpirun", "-np", FormattableString.Invariant($"{count}"), "--oversubscribe", "--bind-to", "none", "--map-by", "node",
            "--mca", "orte_abort_on_non_zero_status", "0", "--enable-recovery",
            .. options.Hosts is { } file ? new[] { "--hostfile", Path.GetFullPath(file) } : [],
            .. options.Arguments ?? [],
        ];
        return string.Join(' ', words.Select(ShellWord.Quote));
    }

    private List<string> Machines() => options.Hosts is { } file && File.Exists(file)
        ? [.. File.ReadLines(file).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)]
        : [];
}
