using System.Diagnostics;
using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Launchers.Tests;

/// <summary>Whose process a number is.</summary>
public sealed class DetachedJobTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-detached-").FullName;
    private readonly Local launcher = new(new LocalOptions(Tasks: 1));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_process_of_another_machine_is_neither_taken_for_dead_nor_told_to_end()
    {
        File.WriteAllText(Path.Combine(folder, "job.pid"), $"{Environment.ProcessId} elsewhere word\n");
        var job = new SubmittedJob("1", 1);

        var task = launcher.Look(folder, job, TestContext.Current.CancellationToken).Single();
        Assert.Equal(TaskState.Running, task.State);
        Assert.Contains("on elsewhere", task.Detail, StringComparison.Ordinal);
        Assert.Contains("started on elsewhere", Assert.Throws<LaunchException>(() => launcher.Cancel(folder, job, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(folder, "job.exit"), "0\n");
        Assert.Equal(TaskState.Ended, launcher.Look(folder, job, TestContext.Current.CancellationToken).Single().State);
        launcher.Cancel(folder, job, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_number_that_another_launch_has_by_now_is_not_told_to_end()
    {
        var other = Directory.CreateDirectory(Path.Combine(folder, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "job.sh"), "read line\nexit 7\n");
        using var process = Process.Start(new ProcessStartInfo("bash", ["job.sh", "theirs"]) { RedirectStandardInput = true, WorkingDirectory = other })!;
        File.WriteAllText(Path.Combine(folder, "job.pid"), string.Create(CultureInfo.InvariantCulture, $"{process.Id} {Environment.MachineName} ours\n"));
        var job = new SubmittedJob("1", 1);

        var task = launcher.Look(folder, job, TestContext.Current.CancellationToken).Single();
        launcher.Cancel(folder, job, TestContext.Current.CancellationToken);
        process.StandardInput.WriteLine("end");

        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(7, process.ExitCode);
        Assert.Equal((TaskState.Failed, "its process is gone; see job.log"), (task.State, task.Detail));
    }
}
