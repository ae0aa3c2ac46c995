using Orchestrator.Host.Tests;

namespace Orchestrator.Launchers.Tests;

/// <summary><c>run PIPELINE --hosts N --launcher NAME</c>, against what is really there.</summary>
public sealed class RunLaunchTests : IDisposable
{
    private const string Pipeline = """
        {
          "name": "small", "dataset": { "type": "quadratic", "samples": 64 }, "model": "quadratic", "optimizer": { "type": "sgd", "learningRate": 0.01 },
          "workers": { "count": 3, "batchSize": 1, "compute": { "type": "gamma", "meanMs": 10 } },
          "stop": { "updates": 500 }, "evaluation": { "everyUpdates": 100 }
        }
        """;

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("local")]
    [InlineData("mpi")]
    [InlineData("slurm")]
    public void ServerAndHosts_FindEachOther_AndComeToTheDigestOfTheLaptop(string launcher)
    {
        Launches.Need(launcher);

        // Long enough that the second host is there before the end.
        var file = program.Pipeline(Pipeline.Replace("\"updates\": 500", "\"updates\": 40000", StringComparison.Ordinal));
        Launches.Submit(program, "run", file, "--launcher", launcher, "--hosts", "2", "--no-report", "--output", program.Runs);
        Assert.All(Launches.WaitFor(program, program.Runs, "small-1"), state => Assert.Equal("ended", state));

        var folder = Path.Combine(program.Runs, ".launches", "small-1");
        Assert.Equal(Digest(program.RunJson(file, 0, "--no-report").GetProperty("folder").GetString()!), Digest(File.ReadAllText(Path.Combine(folder, "run"))));
        Assert.Contains("2 hosts", Hosts(File.ReadAllText(Path.Combine(folder, "run"))), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "rendezvous")), "the server is gone, and so is what says where it is");
        Assert.Equal("700", Mode(folder));
    }

    [Fact]
    public void AServerThatIsKilled_GoesOnFromItsCheckpoint_WithTheHostsThatItHad()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: processes are looked for in /proc");
        var file = program.Pipeline(Pipeline);
        string[] longer = ["--set", "stop.updates=12000", "--no-report"];
        Launches.Submit(program, ["run", file, "--launcher", "local", "--hosts", "1", "--checkpoint-updates", "500", "--output", program.Runs, .. longer]);
        var folder = Path.Combine(program.Runs, ".launches", "small-1");
        Launches.Until(() => Directory.Exists(program.Runs)
            && Directory.EnumerateDirectories(program.Runs, "checkpoint", SearchOption.AllDirectories)
                .Any(kept => Directory.EnumerateFiles(kept, "*.checkpoint").Any()));
        Launches.Kill($"run-task\0{folder}\0");
        Assert.All(Launches.WaitFor(program, program.Runs, "small-1"), state => Assert.Equal("ended", state));
        Assert.Equal(Digest(program.RunJson(file, 0, longer).GetProperty("folder").GetString()!), Digest(File.ReadAllText(Path.Combine(folder, "run"))));
        Assert.Contains("Going on from version", File.ReadAllText(Path.Combine(folder, "task-0.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void ARunSaysInAFileWhereItIs_ForItsOwnerAlone_AndAHostWaitsForIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: modes of files are Unix's");
        var (file, meet) = (program.Pipeline(Pipeline), Path.Combine(program.Folder, "own.meet"));
        using var host = program.StartWith(new Dictionary<string, string> { ["ORCHESTRATOR_RENDEZVOUS"] = meet }, "worker", "--threads", "1", "--wait", "200");
        using var run = program.Start(
            "run", file, "--quiet", "--no-report", "--set", "transport.type=tcp", "--set", "stop.updates=20000", "--hosts", "0", "--rendezvous", meet,
            "--output", program.Runs);
        run.Until(() => File.Exists(meet));
        Assert.Equal(("600", "600"), (Mode(meet), Mode(meet + ".token")));
        Assert.Equal((0, 0), (run.End().ExitCode, host.End().ExitCode));
        Assert.False(File.Exists(meet));
    }

    [Fact]
    public void WorkersAreToldToSayWhereTheRunIs()
    {
        Assert.Contains("--rendezvous FILE", program.Run("worker").Error, StringComparison.Ordinal);
        var late = program.Run("worker", "--rendezvous", Path.Combine(program.Folder, "nobody"), "--wait", "0");
        Assert.Equal(1, late.ExitCode);
        Assert.Contains("No server has said yet where it is", late.Error, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void TwentyRunsAtOnceOnOneMachine_FindTheirOwnHosts()
    {
        Launches.Need("local");
        var file = program.Pipeline(Pipeline);
        var expected = Digest(program.RunJson(file, 0, "--no-report").GetProperty("folder").GetString()!);
        var runs = Enumerable.Range(1, 20).ToList();
        runs.ForEach(_ => Launches.Submit(program, "run", file, "--launcher", "local", "--hosts", "1", "--no-report", "--output", program.Runs));
        runs.ForEach(number => Assert.All(Launches.WaitFor(program, program.Runs, $"small-{number}"), state => Assert.Equal("ended", state)));
        Assert.All(runs, number => Assert.Equal(expected, Digest(File.ReadAllText(Path.Combine(program.Runs, ".launches", $"small-{number}", "run")))));
    }

    // In octal digits; tests that ask need a Unix.
    private static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private static string Digest(string folder) => Document(folder).GetProperty("digest").GetString()!;

    private static string Hosts(string folder) =>
        $"{File.ReadLines(Path.Combine(folder, "events.csv")).Count(line => line.Contains("joined", StringComparison.Ordinal))} hosts";

    private static System.Text.Json.JsonElement Document(string folder) => Cli.Summary(File.ReadAllText(Path.Combine(folder, "run.json")));
}
