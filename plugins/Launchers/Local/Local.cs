using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers;

/// <summary>Tasks as processes of this machine, which outlive whoever started them.</summary>
[Description("Processes of this machine, which outlive the one that submits.")]
[Plugin("local")]
internal sealed class Local(LocalOptions options) : ILauncher
{
    private readonly TaskSettings settings = new(options.Modules, options.Environment);

    public LauncherTerms Terms => new(options.Cpus)
    {
        Command = options.Command,
        LeastWork = TimeSpan.FromMinutes(options.TaskMinutes),
        Tasks = options.Tasks ?? Math.Max(1, Environment.ProcessorCount / options.Cpus),
    };

    public IReadOnlyList<OptionException> Mistakes => [.. settings.Mistakes()];

    public IReadOnlyList<LaunchFile> Write(LaunchRequest request)
    {
        var script = new TaskScript(request, settings);
        var log = $"{ShellWord.Quote(request.Folder)}/";
        return request.Hosts == 0
            ?
            [
                DetachedJob.Script(All(request.Tasks, $"bash {TaskScript.TaskName} \"$index\" >>task-\"$index\".log 2>&1")),
                script.Task([], [], []),
            ]
            :
            [
                DetachedJob.Script(All(1, $"bash {TaskScript.TaskName} >>task-0.log 2>&1")),
                script.Server([], Hosts(request, log), []),
                script.Host("${1:-0}"),
            ];
    }

    public SubmittedJob Submit(LaunchRequest request, CancellationToken stop) =>
        new(DetachedJob.Submit(request), request.Hosts == 0 ? request.Tasks : request.Hosts);

    public IReadOnlyList<LaunchedTask> Look(string folder, SubmittedJob job, CancellationToken stop) => [DetachedJob.Look(folder, "job")];

    public void Cancel(string folder, SubmittedJob job, CancellationToken stop) => DetachedJob.Cancel(folder);

    private static string[] All(int count, string command) =>
    [
        "tasks=()",
        $"for index in $(seq 0 {count - 1}); do",
        $"  {command} &",
        "  tasks+=($!)",
        "done",
        "trap 'kill -TERM \"${tasks[@]}\" 2>/dev/null' TERM",
        "code=0",
        "for task in \"${tasks[@]}\"; do",
        "  while :; do",
        "    wait \"$task\"; ended=$?",
        "    kill -0 \"$task\" 2>/dev/null || break",
        "  done",
        "  [ \"$ended\" -eq 0 ] || code=$ended",
        "done",
    ];

    private static string Hosts(LaunchRequest request, string folder) =>
        $"(hosts=(); trap 'kill -TERM \"${{hosts[@]}}\"' TERM; for index in $(seq 0 {request.Hosts - 1}); do bash {folder}{TaskScript.HostName} \"$index\" & hosts+=($!); done; wait; wait)";
}
