using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Real training, recorded and run again: everything is the same, or the first difference is named.
/// </summary>
public sealed class ReplayTests : IDisposable
{
    private const string Wall = "clock=wall";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("shared-memory")]
    [InlineData("tcp")]
    public void ARunOverWorkerHosts_IsReplayedInOneProcess(string transport)
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", Wall, "--set", $"transport.type={transport}", "--hosts", "2");

        Assert.Equal("exact", Replay(Folder(run), 0).GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(2)]
    public void ARunThatWasKilledOrStopped_IsReplayedAsFarAsItsRecordGoes_AndWholeOnceItIsResumed(int signal)
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 1500"));
        using (
            var run = program.Start("run", file, "--quiet", "--output", program.Runs, "--checkpoint-updates", "25", "--set", Wall, "--set",
                """consistency={"type":"k-sync","k":3}""", "--set", "workers.compute.meanMs=2"))
        {
            run.Until(() => Directory.Exists(program.Runs) && Directory.EnumerateFiles(program.Runs, "*.checkpoint", SearchOption.AllDirectories).Any());
            run.Signal(signal);
            run.End();
        }

        var folder = Path.GetDirectoryName(Directory.GetFiles(program.Runs, "run.json", SearchOption.AllDirectories).Single())!;
        var interrupted = Replay(folder, 0);
        Assert.Equal(signal == 2, interrupted.GetProperty("isWhole").GetBoolean());

        var resumed = program.Run("run", "--resume", folder, "--quiet", "--output", program.Runs);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        var whole = Replay(folder, 0);
        Assert.True(whole.GetProperty("isWhole").GetBoolean());
        Assert.True(whole.GetProperty("pushes").GetInt64() > interrupted.GetProperty("pushes").GetInt64());
    }

    [Fact]
    public void ADifference_IsNamedByItsRow_AndWhatCannotBeReplayedIsRefused()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var updates = Path.Combine(Folder(run), "updates.csv");
        var text = File.ReadAllText(updates);
        File.WriteAllText(updates, text.Replace(",applied,", ",dropped,", StringComparison.Ordinal));

        var difference = Replay(Folder(run), 1).GetProperty("difference");
        Assert.Equal(("updates.csv", 2), (difference.GetProperty("file").GetString(), difference.GetProperty("line").GetInt32()));
        Assert.Equal(("applied", "dropped"), (difference.GetProperty("replayed").GetString(), difference.GetProperty("recorded").GetString()));
        File.WriteAllText(updates, text);
        File.WriteAllText(Path.Combine(Folder(run), "run.json"), "[]");
        Assert.Contains("run.json", Refused("verify", Folder(run)));
        Assert.Contains("no such run", Refused("verify", "feed", "--output", program.Runs));
    }

    [Fact]
    public void AnotherKernelPath_IsAWarning_AndADifferenceThenInconclusive()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var document = Path.Combine(Folder(run), "run.json");
        File.WriteAllText(document, File.ReadAllText(document).Replace("\"kernelPath\": \"", "\"kernelPath\": \"other-", StringComparison.Ordinal));

        Assert.Contains("bits may differ", Replay(Folder(run), 0).GetProperty("warnings")[0].GetString());

        var updates = Path.Combine(Folder(run), "updates.csv");
        File.WriteAllText(updates, File.ReadAllText(updates).Replace(",applied,", ",dropped,", StringComparison.Ordinal));
        Assert.Equal("inconclusive", Replay(Folder(run), 2).GetProperty("verdict").GetString());
    }

    [Fact]
    public void AnInterruptedReplay_SaysSo()
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 1000"));
        var run = program.RunJson(file, 0);
        using var replay = program.Start("verify", Folder(run), "--json", "--quiet", "--threads", "1");
        replay.SignalUntilEnd(2);

        Assert.Equal(130, replay.End().ExitCode);
    }

    private static string Folder(JsonElement summary) => summary.GetProperty("folder").GetString()!;

    private JsonElement Replay(string folder, int expectedExit, params string[] more)
    {
        var ended = program.Run(["verify", folder, "--json", "--quiet", .. more]);
        Assert.True(ended.ExitCode == expectedExit, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return JsonDocument.Parse(ended.Output).RootElement;
    }

    private string Refused(params string[] arguments)
    {
        var ended = program.Run(arguments);
        Assert.True(ended.ExitCode == 64, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended.Error;
    }
}
