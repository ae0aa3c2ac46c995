using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>Hosts that are killed, stopped or cut off: time is lost, nothing else.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostFailureTests : IDisposable
{
    private const int Kill = 9;
    private const int Stop = 19;
    private const int Interrupt = 2;

    private static readonly string Longer = Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 400");

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void HostsThatStandStill_AreReplaced_AndChangeNothing(string transport)
    {
        var file = program.Pipeline(Longer);
        var digest = program.RunJson(file, 0).GetProperty("digest").GetString();
        using var run = program.Start(
            "run", file, "--json", "--quiet", "--output", program.Runs, "--hosts", "2", "--set",
            $"transport={{\"type\":\"{transport}\",\"silenceSeconds\":1}}");
        var stopped = new HashSet<int>();
        for (var i = 0; i < 3; i++)
        {
            run.Until(() => ChildProcesses.Computing(run.Id).Any(id => !stopped.Contains(id)));
            var victim = ChildProcesses.Computing(run.Id).First(id => !stopped.Contains(id));
            stopped.Add(victim);
            Cli.Running.Signal(victim, Stop);
        }

        var ended = run.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(digest, Cli.Summary(ended.Output).GetProperty("digest").GetString());
        var events = Events(ended);
        Assert.Contains(transport == "tcp" ? "it sent nothing for 1 s" : "it gave no sign of life for 1 s", events);
        Assert.Contains("gradient-lost", events);
        Assert.All(stopped, id => Assert.False(Directory.Exists($"/proc/{id}"), $"the stopped host {id} is still there"));
    }

    [Fact]
    public void AHostThatIsCutOff_IsGivenUp_AndChangesNothing()
    {
        var file = program.Pipeline(Longer);
        var digest = program.RunJson(file, 0).GetProperty("digest").GetString();
        var (port, token) = (Cli.FreePort(), Path.Combine(program.Folder, "token"));
        using var run = program.Start(
            "run", file, "--json", "--quiet", "--output", program.Runs, "--hosts", "1", "--listen", $"127.0.0.1:{port}", "--token-file", token,
            "--set", "transport={\"type\":\"tcp\",\"silenceSeconds\":1}");
        run.Until(() => File.Exists(token));
        using var partition = new Partition(port);
        using var worker = program.Start("worker", "--server", partition.Address, "--token-file", token, "--threads", "1");
        run.Until(() => partition.Carried > 4_000_000);
        partition.Cut();
        var ended = run.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(digest, Cli.Summary(ended.Output).GetProperty("digest").GetString());
        Assert.Contains("it sent nothing for 1 s", Events(ended));
        Assert.Contains("gradient-lost", Events(ended));
        partition.Dispose();
        Assert.Equal(1, worker.End().ExitCode);
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void OnTheWallClock_TheRunGoesOn_WithAllWorkers(string transport)
    {
        var file = program.Pipeline(Pipelines.Endless);
        using var run = program.Start(
            "run", file, "--json", "--quiet", "--output", program.Runs, "--hosts", "2", "--set", $"transport.type={transport}",
            "--set", "clock=wall", "--set", "workers.compute=null");
        run.Until(() => ChildProcesses.Computing(run.Id).Count == 2);
        Cli.Running.Signal(ChildProcesses.Computing(run.Id)[0], Kill);
        run.Until(() => Rows("events.csv").Any(row => row.Contains("gradient-lost", StringComparison.Ordinal)));
        var before = Rows("updates.csv").Count;
        run.Until(() => Rows("updates.csv").Count > before + 200);
        run.Signal(Interrupt);
        var ended = run.End();

        Assert.Equal(6, Cli.Summary(ended.Output).GetProperty("workers").GetInt64());
        Assert.Equal(6, Rows("updates.csv").Skip(before).Select(row => row.Split(',')[2]).Distinct().Count());
    }

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void TheSummary_SaysWhatEachHostCarried(string transport)
    {
        var file = program.Pipeline(Pipelines.Small);
        var hosts = program.RunJson(file, 0, "--hosts", "2", "--set", $"transport.type={transport}").GetProperty("hostTraffic").EnumerateArray().ToList();

        // The second may come late, and the work in flight at the end is nobody's push.
        Assert.InRange(hosts.Count, 1, 2);
        Assert.InRange(hosts.Sum(host => host.GetProperty("pushes").GetInt64()), 150, 170);
        Assert.All(hosts.Where(host => host.GetProperty("pushes").GetInt64() > 0), host =>
        {
            Assert.True(host.GetProperty("bytesDown").GetInt64() > 61_706 * 4, host.GetRawText());
            Assert.True(host.GetProperty("bytesUp").GetInt64() >= host.GetProperty("pushes").GetInt64() * 61_706 * 4, host.GetRawText());
        });
        var shown = program.Run("run", file, "--output", program.Runs, "--quiet", "--hosts", "1", "--set", $"transport.type={transport}").Output;
        Assert.Matches(@"host 1 \(.*, \d+ threads\): 100\.0 % of the pushes, [\d.]+ MB down, [\d.]+ MB up", shown);
        Assert.Equal(JsonValueKind.Null, program.RunJson(file, 0).GetProperty("hostTraffic").ValueKind);
    }

    [Fact]
    public void TheSecret_IsInNoProcessList()
    {
        var token = Path.Combine(program.Folder, "token");
        using var run = program.Start(
            "run", program.Pipeline(Pipelines.Endless), "--output", program.Runs, "--hosts", "1", "--set", "transport.type=tcp", "--token-file", token);
        run.Until(() => ChildProcesses.Computing(run.Id).Count == 1);
        var secret = File.ReadAllLines(token)[1].Split(' ')[1];
        var shown = ChildProcesses.Of(run.Id).Append(run.Id).SelectMany(id => (string[])[$"/proc/{id}/cmdline", $"/proc/{id}/environ"]).Select(Text).ToList();
        run.Signal(Interrupt);
        var ended = run.End();

        Assert.Equal(4, shown.Count);
        Assert.Contains(shown, text => text.Contains("--token-file", StringComparison.Ordinal));
        Assert.All(shown.Append(ended.Output + ended.Error), text => Assert.DoesNotContain(secret, text));
    }

    private static string Text(string file) => Encoding.UTF8.GetString(File.ReadAllBytes(file));

    private List<string> Rows(string name) =>
        [.. Directory.EnumerateFiles(program.Runs, name, SearchOption.AllDirectories).SelectMany(
            file => File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private static string Folder(Cli.Ended ended) => Cli.Summary(ended.Output).GetProperty("folder").GetString()!;

    private static string Events(Cli.Ended ended) => File.ReadAllText(Path.Combine(Folder(ended), "events.csv"));
}
