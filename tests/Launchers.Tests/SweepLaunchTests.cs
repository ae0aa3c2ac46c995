using System.Text.Json.Nodes;
using Orchestrator.Host.Tests;

namespace Orchestrator.Launchers.Tests;

/// <summary><c>run SWEEP --launcher NAME</c>, against what is really there.</summary>
public sealed class SweepLaunchTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("local")]
    [InlineData("mpi")]
    [InlineData("slurm")]
    public void ASweep_ComesToTheTableAndTheDigestsOfTheLaptop(string launcher)
    {
        Launches.Need(launcher);
        var file = program.Pipeline(Launches.Sweep);
        var (laptop, cluster) = (Path.Combine(program.Folder, "laptop"), Path.Combine(program.Folder, "cluster"));
        Assert.Equal(0, program.Run("run", file, "--quiet", "--no-report", "--jobs", "2", "--output", laptop, "--results", laptop).ExitCode);

        // As many tasks as runs.
        var profile = program.Pipeline(
            $$"""{ "launcher": "{{launcher}}", "taskMinutes": 0, "tasks": 3, "environment": { "NO_COLOR": "1" } }""", "profile.json");
        var submitted = Launches.Submit(program, "run", file, "--profile", profile, "--no-report", "--output", cluster, "--results", cluster);
        Assert.Equal(3, submitted.GetProperty("tasks").GetInt32());
        Assert.All(Launches.WaitFor(program, cluster, "small-1"), state => Assert.Equal("ended", state));

        Assert.Equal(Launches.Table(laptop), Launches.Table(cluster));
        Assert.Equal(Launches.Digests(laptop), Launches.Digests(cluster));
        Assert.Contains("seed 2 completed", program.Run("launch", "logs", "--output", cluster).Output, StringComparison.Ordinal);

        // All is done: the same command submits nothing, and makes the table.
        Assert.Contains("small-1", program.Run("launch", "status", "--output", cluster).Output, StringComparison.Ordinal);
        Assert.Equal(0, program.Run("run", file, "--profile", profile, "--quiet", "--no-report", "--output", cluster, "--results", cluster).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(cluster, ".launches", "small-2")));
    }

    [Fact]
    public void ADryRun_ShowsTheScriptsAndWritesNothing()
    {
        var file = program.Pipeline(Launches.Sweep);
        var profile = program.Pipeline("""{ "partition": "short", "time": "2:00:00", "command": "dotnet /opt/orchestrator.dll" }""", "profile.json");
        var shown = program.Run("run", file, "--launcher", "slurm", "--profile", profile, "--dry-run", "--output", program.Runs);
        Assert.True(shown.ExitCode == 0, shown.Error);
        Assert.Contains("#SBATCH --partition=short\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("  dotnet /opt/orchestrator.dll sweep-task ", shown.Output, StringComparison.Ordinal);

        // Short runs share a task.
        Assert.Contains("#SBATCH --array=0-0\n", shown.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(program.Runs));
    }

    [Fact]
    public void WhatAnEarlierBuildMade_IsTriedByATask_AndNotWhereItIsSubmitted()
    {
        Launches.Need("local");
        var file = program.Pipeline(Launches.Sweep);
        string[] arguments = ["run", file, "--quiet", "--no-report", "--output", program.Runs, "--results", Path.Combine(program.Folder, "results")];
        Assert.Equal(0, program.Run(arguments).ExitCode);
        Directory.Delete(Path.Combine(program.Folder, "results"), recursive: true);
        foreach (var done in Directory.GetFiles(Path.Combine(program.Runs, ".sweeps"), "done", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(done);
            File.WriteAllText(done, text.Replace((string)JsonNode.Parse(text)!["build"]!, "0123456789abcdef", StringComparison.Ordinal));
        }

        Assert.Contains("one run that is done, ", program.Run([.. arguments, "--launcher", "local", "--dry-run"]).Error, StringComparison.Ordinal);
        Assert.Equal(1, Launches.Submit(program, [.. arguments, "--launcher", "local"]).GetProperty("tasks").GetInt32());
        Assert.All(Launches.WaitFor(program, program.Runs, "small-1"), state => Assert.Equal("ended", state));
        Assert.Contains("Its digest is the same", program.Run("launch", "logs", "--output", program.Runs).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrongWithAProfile_IsSaidAtOnce_WithTheNearestMatch()
    {
        var profile = program.Pipeline("""{ "launcher": "slrum", "time": "x", "memry": 1, "cpus": 0 }""", "bad.json");
        var ended = program.Run("run", program.Pipeline(Launches.Sweep), "--profile", profile, "--output", program.Runs);
        Assert.Equal(64, ended.ExitCode);
        string[] expected =
        [
            "bad.json:1:15: launcher: there is no launcher 'slrum'", "did you mean 'slurm'?", "memry: the launcher slurm has no such option",
            "did you mean 'memory'?",
            "cpus: 0 is out of range", "time: 'x' is no time of Slurm",
        ];
        Assert.All(expected, text => Assert.Contains(text, ended.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void AProfile_IsFoundByNameBesideTheSettings_AndMayServeSeveralLaunchers()
    {
        var settings = program.Pipeline("{}", "settings.json");
        Directory.CreateDirectory(Path.Combine(program.Folder, "profiles"));
        program.Pipeline("""{ "launcher": "slurm", "partition": "own", "cpus": 2 }""", "profiles/short.json");
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_SETTINGS"] = settings };
        string[] arguments = ["run", program.Pipeline(Launches.Sweep), "--dry-run", "--output", program.Runs, "--profile"];
        using (var slurm = program.StartWith(variables, [.. arguments, "short"]))
        {
            Assert.Contains("#SBATCH --partition=own\n", slurm.End().Output, StringComparison.Ordinal);
        }

        using (var mpi = program.StartWith(variables, [.. arguments, "short", "--launcher", "mpi"]))
        {
            var ended = mpi.End();
            Assert.Contains("partition means nothing to the launcher mpi", ended.Error, StringComparison.Ordinal);
            Assert.Contains("mpirun", ended.Output, StringComparison.Ordinal);
        }

        using var missing = program.StartWith(variables, [.. arguments, "shorts"]);
        Assert.Contains("did you mean 'short'?", missing.End().Error, StringComparison.Ordinal);
    }
}
