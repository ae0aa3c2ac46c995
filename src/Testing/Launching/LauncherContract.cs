using System.Diagnostics;
using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every launcher must keep to; a launcher's test class inherits it.</summary>
public abstract class LauncherContract : IPluginContract, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    // A folder as users have them.
    private readonly string root = Directory.CreateTempSubdirectory("orchestrator launcher's ").FullName;

    /// <summary>A launcher that starts what is asked for at once; any two are equal.</summary>
    public abstract ILauncher Create();

    /// <summary>
    /// Why nothing can be started here, such as a scheduler that is not there; null where it can.
    /// </summary>
    public virtual string? Unavailable => null;

    /// <inheritdoc/>
    object IPluginContract.NewSubject() => Create();

    /// <summary>Removes the suite's files.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (IOException)
        {
            // A task of a failed test writes there; the temporary folder is emptied some day.
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Its options have no mistakes, and its terms can be planned with.</summary>
    [Fact]
    public void Its_terms_can_be_planned_with()
    {
        var launcher = Create();
        Assert.Empty(launcher.Mistakes);
        Assert.InRange(launcher.Terms.Cpus, 1, 1024);
        Assert.True(launcher.Terms.Time is null || launcher.Terms.Time > TimeSpan.Zero);
        Assert.True(launcher.Terms.Tasks is null or >= 1);
        Assert.True(launcher.Terms.LeastWork >= TimeSpan.Zero);
    }

    /// <summary>The same request gives the same files, by any instance, and starts
    /// nothing.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_same_request_gives_the_same_files(int hosts)
    {
        var request = Request("true", hosts: hosts);
        var files = Create().Write(request);
        Assert.Equal(files, Create().Write(request));
        Assert.Empty(Directory.EnumerateFileSystemEntries(request.Folder));
        Assert.Equal(files.Count, files.DistinctBy(file => file.Name).Count());
        Assert.All(files, file => Assert.Equal(file.Name, Path.GetFileName(file.Name)));
        Assert.All(files, file => Assert.StartsWith("#!", file.Text, StringComparison.Ordinal));
        Assert.All(files, file => Assert.EndsWith("\n", file.Text, StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain('\r', file.Text));
    }

    /// <summary>A shell can read all of its scripts.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_shell_can_read_its_scripts(int hosts)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: the scripts are for a Unix shell");
        var request = Request("'the program' run \"$HOME/a b.json\"", hosts: hosts);
        foreach (var file in Written(Create(), request))
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", file]) { RedirectStandardError = true })!;
            var error = bash.StandardError.ReadToEnd();
            bash.WaitForExit();
            Assert.True(bash.ExitCode == 0, error);
        }
    }

    /// <summary>Each task runs once, where it is to run, and is seen to end.</summary>
    [Fact]
    public void Each_task_runs_where_it_is_to_run_and_ends()
    {
        var (launcher, request) = (Available(), Request(Script("pwd >\"$1/ran-$$\""), tasks: 2));
        var job = Submitted(launcher, request);
        var tasks = Ended(launcher, request, job);
        Assert.All(tasks, task => Assert.Equal(TaskState.Ended, task.State));
        var ran = Directory.GetFiles(root, "ran-*");
        Assert.Equal(2, ran.Length);
        Assert.All(ran, file => Assert.Equal(root, File.ReadAllText(file).Trim()));
    }

    /// <summary>A task that fails is seen to have failed.</summary>
    [Fact]
    public void A_task_that_fails_is_seen_to_have_failed()
    {
        var (launcher, request) = (Available(), Request(Script("exit 1")));
        Assert.All(Ended(launcher, request, Submitted(launcher, request)), task => Assert.Equal(TaskState.Failed, task.State));
    }

    /// <summary>
    /// A task that is cancelled is told to end, by SIGUSR2, or by SIGTERM from whoever started it,
    /// and has the time to do so.
    /// </summary>
    [Fact]
    public void A_task_that_is_cancelled_has_the_time_to_hand_back_what_it_has()
    {
        var (launcher, request) = (Available(), Request(Script(
            $"""
            trap 'sleep 1; touch "$1/handed-back"; exit {LaunchRequest.Stopped}' USR2 TERM
            touch "$1/began"
            while :; do sleep 0.1; done
            """)));
        var job = Submitted(launcher, request);
        Until(() => Exists("began"), "the task did not begin");
        Assert.Contains(launcher.Look(request.Folder, job, Stop), task => task.State == TaskState.Running);
        launcher.Cancel(request.Folder, job, Stop);
        Until(() => Exists("handed-back"), "the task was not told to end, or had no time to");
        Assert.DoesNotContain(Ended(launcher, request, job), task => task.State == TaskState.Ended);
        launcher.Cancel(request.Folder, job, Stop);
    }

    /// <summary>A server has its worker hosts, and one that is lost is started again.</summary>
    [Fact]
    public void A_server_has_its_worker_hosts_and_a_lost_one_is_started_again()
    {
        var server = Script("""while [ "$(ls "$1" | grep -c '^joined-')" -lt 3 ]; do sleep 0.1; done; touch "$1/ended" """, "server.sh");
        var host = Script(
            """
            touch "$1/joined-$$"
            mkdir "$1/lost" 2>/dev/null && kill -KILL $$
            while [ -d "$1" ] && [ ! -e "$1/ended" ]; do sleep 0.1; done
            """, "worker.sh");
        var (launcher, request) = (Available(), Request(server, hosts: 2) with { HostCommand = host });
        Assert.All(Ended(launcher, request, Submitted(launcher, request)), task => Assert.Equal(TaskState.Ended, task.State));
        Assert.True(Exists("ended"));
    }

    /// <summary>What a test ends by.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ILauncher Available()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: the scripts are for a Unix shell");
        Assert.SkipUnless(Unavailable is null, $"skipped: {Unavailable}");
        return Create();
    }

    private LaunchRequest Request(string command, int tasks = 1, int hosts = 0) =>
        new("suite", Directory.CreateDirectory(Path.Combine(root, "launch")).FullName, root, tasks, command)
        {
            Hosts = hosts,
            HostCommand = hosts > 0 ? "true" : "",
        };

    // The command of a script that is given the suite's folder.
    private string Script(string text, string name = "task-of-suite.sh")
    {
        var file = Path.Combine(root, name);
        File.WriteAllText(file, text + "\n");
        return $"bash \"{file}\" \"{root}\"";
    }

    private static List<string> Written(ILauncher launcher, LaunchRequest request)
    {
        var files = launcher.Write(request).Select(file => (Path: Path.Combine(request.Folder, file.Name), file.Text)).ToList();
        files.ForEach(file => File.WriteAllText(file.Path, file.Text));
        return [.. files.Select(file => file.Path)];
    }

    private static SubmittedJob Submitted(ILauncher launcher, LaunchRequest request)
    {
        Written(launcher, request);
        var job = launcher.Submit(request, Stop);
        Assert.NotEmpty(job.Id);
        Assert.Equal(Math.Max(request.Tasks, request.Hosts), job.Tasks);
        return job;
    }

    private static IReadOnlyList<LaunchedTask> Ended(ILauncher launcher, LaunchRequest request, SubmittedJob job)
    {
        IReadOnlyList<LaunchedTask> tasks = [];
        Until(HaveEnded, "the tasks did not end");
        Assert.NotEmpty(tasks);
        return tasks;

        bool HaveEnded()
        {
            tasks = launcher.Look(request.Folder, job, Stop);
            return tasks.All(task => task.State is not (TaskState.Waiting or TaskState.Running));
        }
    }

    private bool Exists(string name) => Path.Exists(Path.Combine(root, name));

    private static void Until(Func<bool> condition, string otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Longest, otherwise);
            Stop.WaitHandle.WaitOne(Between);
        }
    }
}
