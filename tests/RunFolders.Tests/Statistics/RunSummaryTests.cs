using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RunSummaryTests
{
    private static readonly RunSummary Sample = new()
    {
        Id = "abc",
        Attempt = 2,
        Name = "quick",
        Status = RunStatus.Diverged,
        Message = "worker 3, version 17: the loss is NaN",
        Folder = "/runs/quick/abc-2",
        Digest = "00",
        Updates = 18,
        UpdatesPerSecond = 9.5,
        TestAccuracy = null,
        TestLoss = 2.5,
        NoConvergence = true,
        Notes = ["3 overruns"],
        Staleness = new(1.5, 1, 4, 5),
        Gap = new(0.1, null),
        Pushes = new(18, 0, 1, 2),
        Samples = 576,
        Workers = 4,
        Hosts = 1,
        WallSeconds = 1.9,
        VirtualSeconds = double.NaN,
        StartUp = new(100, 20, 30, 40, 10.5),
    };

    [Fact]
    public void ToJson_IsOneLineWithTheDocumentedNames() => Assert.Equal(
        """{"id":"abc","attempt":2,"name":"quick","status":"diverged","message":"worker 3, version 17: the loss is """
            + """NaN","schedule":null,"folder":"/runs/quick/abc-2","report":null,"digest":"00","updates":18,"""
        + """ "updatesPerSecond":9.5,"testAccuracy":null,"testLoss":2.5,"noConvergence":true,"staleness":{"mean":1.5,"p50":1,"p99":4,"max":5},""".TrimStart()
        + """ "gap":{"mean":0.1,"max":null},""".TrimStart()
        + """ "pushes":{"applied":18,"buffered":0,"dropped":1,"cancelled":2},"samples":576,"workers":4,"hosts":1,""".TrimStart()
        + """ "hostTraffic":null,"wallSeconds":1.9,"virtualSeconds":null,""".TrimStart()
        + """ "startUp":{"process":100,"plugins":20,"pipeline":30,"data":40,"firstPush":10.5,"total":200.5},"notes":["3 overruns"]}""".TrimStart(),
        Sample.ToJson());

    [Fact]
    public void Parse_ReadsASummaryOfAnEarlierProgram_WhichHasNoNotes()
    {
        var read = RunSummary.Parse(Sample.ToJson().Replace(""","notes":["3 overruns"]""", "", StringComparison.Ordinal));
        Assert.Empty(read.Notes);
        Assert.Contains(""" "notes":[]""".TrimStart(), read.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ReadsWhatToJsonWrote()
    {
        var read = RunSummary.Parse(Sample.ToJson());
        Assert.Equal(Sample.Notes, read.Notes);
        Assert.Equal(Sample with { VirtualSeconds = null }, read with { Notes = Sample.Notes });
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"a""")]
    public void Parse_OfSomethingElse_IsRefused(string json) => Assert.Throws<JsonException>(() => RunSummary.Parse(json));

    [Theory]
    [InlineData(RunStatus.Running, "running")]
    [InlineData(RunStatus.Completed, "completed")]
    [InlineData(RunStatus.Interrupted, "interrupted")]
    [InlineData(RunStatus.Failed, "failed")]
    [InlineData(RunStatus.Diverged, "diverged")]
    public void Status_HasItsWord(RunStatus status, string word) =>
        Assert.Contains($"\"status\":\"{word}\"", (Sample with { Status = status }).ToJson(), StringComparison.Ordinal);
}
