using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>Runs whose workers come and go.</summary>
public sealed class AvailabilityTests : IDisposable
{
    private const string Away = """workers.delay={"type":"on-off","onMeanMs":100,"offMeanMs":400}""";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void TimesOff_MakeGradientsStale_TheSameOnEveryTransport_AndReplayed()
    {
        var file = program.Pipeline(Pipelines.Small);
        var always = program.RunJson(file, 0);
        var away = program.RunJson(file, 0, "--set", Away);
        var shared = program.RunJson(file, 0, "--set", Away, "--set", "transport.type=shared-memory");
        var other = program.RunJson(file, 0, "--set", Away, "--set", "streams.delay=7");

        Assert.True(Number(away, "virtualSeconds") > 1.5 * Number(always, "virtualSeconds"));
        Assert.True(away.GetProperty("staleness").GetProperty("max").GetDouble() > always.GetProperty("staleness").GetProperty("max").GetDouble());
        Assert.Equal(Digest(away), Digest(shared));
        Assert.NotEqual(Digest(away), Digest(other));
        var verified = program.Run("verify", away.GetProperty("folder").GetString()!, "--json", "--quiet");
        Assert.Equal("exact", JsonDocument.Parse(verified.Output).RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public void NoPushArrives_WhileItsWorkerIsOff()
    {
        var trace = Path.Combine(program.Folder, "windows.csv");
        File.WriteAllText(trace, "worker,from,to\n0,0,50\n0,200,300\n");
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", $$"""workers.delay={"type":"on-off-trace","file":"{{trace}}"}""");
        var rows = File.ReadLines(Path.Combine(run.GetProperty("folder").GetString()!, "updates.csv")).Select(line => line.Split(',')).ToList();
        var arrival = Array.IndexOf(rows[0], "arrivedAtNs");

        Assert.True(rows.Count > 20);
        Assert.All(rows.Skip(1), row =>
        {
            var within = double.Parse(row[arrival], CultureInfo.InvariantCulture) / 1e6 % 300;
            Assert.True(within is <= 50.001 or >= 200, $"A push arrived at {within} ms.");
        });
    }

    private static double Number(JsonElement run, string name) => run.GetProperty(name).GetDouble();

    private static string Digest(JsonElement run) => run.GetProperty("digest").GetString()!;
}
