using Orchestrator.Abstractions;

namespace Orchestrator.Launchers.Tests;

/// <summary>Tasks of an array whose time is over while work is left.</summary>
public sealed class SlurmRequeueTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orchestrator-requeue-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // One of the two has the array's own number.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_task_goes_into_the_queue_again_alone(int index)
    {
        Launches.Need("slurm");
        var script = Path.Combine(folder, "work.sh");
        File.WriteAllText(script, $"""
            cd "$1"; echo . >> "starts-$SLURM_ARRAY_TASK_ID"
            if [ "$SLURM_ARRAY_TASK_ID" -eq {index} ]; then
              until [ -e starts-{1 - index} ]; do sleep 0.1; done
              exit {LaunchRequest.WorkLeft}
            fi
            until [ -e go ]; do sleep 0.1; done

            """);
        var launcher = new Slurm(new SlurmOptions(Time: "10", Memory: "256M"));
        var launch = Directory.CreateDirectory(Path.Combine(folder, "launch")).FullName;
        var request = new LaunchRequest("requeue", launch, folder, 2, $"bash {script} {folder}");
        foreach (var file in launcher.Write(request))
        {
            File.WriteAllText(Path.Combine(launch, file.Name), file.Text);
        }

        var job = launcher.Submit(request, TestContext.Current.CancellationToken);
        try
        {
            Launches.Until(() => File.Exists(Path.Combine(folder, $"starts-{index}")) && State(index) == TaskState.Waiting);
            File.WriteAllText(Path.Combine(folder, "go"), "");
            Launches.Until(() => State(1 - index) is not TaskState.Running);

            Assert.Equal(TaskState.Ended, State(1 - index));
            Assert.Single(File.ReadAllLines(Path.Combine(folder, $"starts-{1 - index}")));
        }
        finally
        {
            launcher.Cancel(launch, job, CancellationToken.None);
        }

        TaskState State(int task) => launcher.Look(launch, job, TestContext.Current.CancellationToken).Single(look => look.Name == $"{task}").State;
    }
}
