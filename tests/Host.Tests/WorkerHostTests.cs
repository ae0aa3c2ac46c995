using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Runs whose workers are computed by other processes: the same digest, whoever is killed.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class WorkerHostTests : IDisposable
{
    private const int Kill = 9;

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("workers.overlapPulls=true")]
    [InlineData("""consistency={"type":"k-sync","k":4}""")]
    [InlineData("""workers.rule={"type":"dana-slim","momentum":0.9}""", """optimizer={"type":"sgd","learningRate":0.01}""")]
    [InlineData("""optimizer={"type":"dana-zero","momentum":0.9,"learningRate":0.01,"corrections":["gap-aware"]}""")]
    [InlineData("""evaluation.sets={"train":true,"validation":{"share":0.2}}""")]
    public void Digest_DoesNotDependOnTheTransport(params string[] sets)
    {
        var file = program.Pipeline(Pipelines.Small);
        var arguments = sets.SelectMany(s => new[] { "--set", s }).ToArray();
        var digest = Digest(file, arguments);

        Assert.Equal(digest, Digest(file, [.. arguments, "--set", "transport.type=shared-memory", "--hosts", "2"]));
        Assert.Equal(digest, Digest(file, [.. arguments, "--set", "transport.type=tcp", "--hosts", "2"]));
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void HostsThatAreKilled_ChangeNothing(string transport)
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 400"));
        var digest = Digest(file);
        using var run = program.Start("run", file, "--json", "--quiet", "--output", program.Runs, "--set", $"transport.type={transport}", "--hosts", "2");
        var killed = new HashSet<int>();
        for (var i = 0; i < 4; i++)
        {
            run.Until(() => ChildProcesses.Computing(run.Id).Any(id => !killed.Contains(id)));
            var victim = ChildProcesses.Computing(run.Id).First(id => !killed.Contains(id));
            killed.Add(victim);
            Cli.Running.Signal(victim, Kill);
        }

        var ended = run.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(digest, Cli.Summary(ended.Output).GetProperty("digest").GetString());
        var events = File.ReadAllText(Path.Combine(Cli.Summary(ended.Output).GetProperty("folder").GetString()!, "events.csv"));
        Assert.Contains("host-left", events);
        Assert.Empty(Directory.EnumerateFiles("/dev/shm", "orchestrator-*"));
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void AKilledRun_TakesItsHostsAlong_AndLeavesNothing(string transport)
    {
        var file = program.Pipeline(Pipelines.Endless);
        using var run = program.Start("run", file, "--quiet", "--output", program.Runs, "--set", $"transport.type={transport}", "--hosts", "2");
        run.Until(() => ChildProcesses.Computing(run.Id).Count == 2);
        var hosts = ChildProcesses.Computing(run.Id);
        run.Signal(Kill);
        run.End();

        Assert.True(SpinWait.SpinUntil(() => !hosts.Any(id => Directory.Exists($"/proc/{id}")), TimeSpan.FromSeconds(30)), "a host goes on without its run");
        Assert.Empty(Directory.EnumerateFiles("/dev/shm", "orchestrator-*"));
    }

    [Fact]
    public void AListeningRun_TakesHostsWithItsToken_AndNoOthers()
    {
        var file = program.Pipeline(Pipelines.Small);
        var (port, token) = (Cli.FreePort(), Path.Combine(program.Folder, "run.token"));
        using var run = program.Start(
            "run", file, "--json", "--quiet", "--output", program.Runs, "--set", "transport.type=tcp", "--listen", $"0.0.0.0:{port}", "--token-file", token);
        run.Until(() => File.Exists(token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(token));

        var lines = File.ReadAllLines(token);
        var secret = lines[1].Split(' ')[1];
        var wrong = Path.Combine(program.Folder, "wrong.token");
        Write(wrong, [lines[0], "secret " + new string('0', 64), lines[2]]);
        var refused = program.Run("worker", "--server", $"127.0.0.1:{port}", "--token-file", wrong);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("does not know the run's token", refused.Error);

        Write(wrong, [lines[0], lines[1], lines[2][..^4] + "0000"]);
        refused = program.Run("worker", "--server", $"127.0.0.1:{port}", "--token-file", wrong);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("fingerprint", refused.Error);
        Assert.DoesNotContain(secret, refused.Error);

        var worker = program.Run("worker", "--server", $"127.0.0.1:{port}", "--token-file", token, "--threads", "2");
        var ended = run.End();

        Assert.True(worker.ExitCode == 0 && ended.ExitCode == 0, worker.Error + ended.Error);
        Assert.Equal(Digest(file), Cli.Summary(ended.Output).GetProperty("digest").GetString());
        Assert.False(File.Exists(token));
        Assert.DoesNotContain(secret, ended.Error + ended.Output + worker.Error);
        var folder = Cli.Summary(ended.Output).GetProperty("folder").GetString()!;
        Assert.All(Directory.EnumerateFiles(folder), f => Assert.DoesNotContain(secret, File.ReadAllText(f)));
        Assert.Contains("host-refused", File.ReadAllText(Path.Combine(folder, "events.csv")));
    }

    [Fact]
    public void AHostWithoutTheData_IsNamed_AndTheRunEnds()
    {
        var file = program.Pipeline(Pipelines.Small);
        var ended = program.Run("worker", "--server", "127.0.0.1:1", "--wait", "0");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("no run of yours listens there", ended.Error);

        ended = program.Run("run", file, "--output", program.Runs, "--hosts", "2");
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("--set transport.type=shared-memory", ended.Error);
    }

    private static void Write(string file, string[] lines)
    {
        File.WriteAllLines(file, lines);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string? Digest(string file, params string[] arguments) => program.RunJson(file, 0, arguments).GetProperty("digest").GetString();
}
