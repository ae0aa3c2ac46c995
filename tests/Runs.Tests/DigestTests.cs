namespace Orchestrator.Runs.Tests;

/// <summary>
/// Determinism on real training: the digest is the same for any number of threads, of which
/// two or more take turns in another way on every repetition.
/// </summary>
public sealed class DigestTests : IDisposable
{
    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Theory]
    [InlineData]
    [InlineData("""optimizer={"type":"dana-zero","momentum":0.9,"learningRate":0.01,"weightDecay":0.0001,"corrections":[{"type":"gap-aware"}]}""")]
    [InlineData("""consistency={"type":"k-sync","k":4}""")]
    [InlineData("consistency=bulk-synchronous", """workers.rule={"type":"local-steps","steps":2}""")]
    [InlineData("""workers.rule={"type":"dana-slim","momentum":0.9}""", """optimizer={"type":"sgd","learningRate":0.01}""", "workers.overlapPulls=true")]
    public void Digest_DoesNotDependOnThreads(params string[] sets)
    {
        var file = laboratory.WriteText(Pipelines.Small);
        var digests = new[] { 1, 8, 2 }.Select(cores => laboratory.RunOn(cores, file, sets).Digest).ToList();

        Assert.Matches("^[0-9a-f]{64}$", digests[0]);
        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void Digest_DependsOnTheSeed()
    {
        var file = laboratory.WriteText(Pipelines.Small);

        Assert.NotEqual(Digest(file), Digest(file, "seed=2"));
    }

    [Fact]
    public void Streams_HaveSeedsOfTheirOwn()
    {
        var file = laboratory.WriteText(Pipelines.Small);
        var all = """{"init":1,"partition":1,"batches":1,"dropout":1,"rule":1,"compute":1,"delay":1,"network":1,"recalibration":1}""";

        Assert.Equal(Digest(file), Digest(file, "seed=2", $"streams={all}"));
        Assert.NotEqual(Digest(file), Digest(file, "streams.compute=2"));
        Assert.Equal(Digest(file), Digest(file, "streams.delay=2"));
    }

    [Fact]
    public void OneWorker_AsynchronousAndSynchronous_AreTheSame()
    {
        var file = laboratory.WriteText(Pipelines.Small);

        Assert.Equal(
            Digest(file, "workers.count=1", """optimizer.corrections=["staleness-aware","gap-aware"]"""),
            Digest(file, "workers.count=1", "consistency=bulk-synchronous"));
    }

    [Fact]
    public void AllOfK_AreBulkSynchronous()
    {
        var file = laboratory.WriteText(Pipelines.Small);
        var bulk = Digest(file, "consistency=bulk-synchronous");

        Assert.Equal(bulk, Digest(file, """consistency={"type":"k-sync","k":6}"""));
        Assert.Equal(bulk, Digest(file, """consistency={"type":"k-async","k":6}"""));
    }

    [Fact]
    public void NoCompensation_IsNoCorrection()
    {
        var file = laboratory.WriteText(Pipelines.Small);

        Assert.Equal(Digest(file), Digest(file, """optimizer.corrections=[{"type":"delay-compensation","lambda":0}]"""));
    }

    private string? Digest(string file, params string[] sets) => laboratory.RunOn(2, file, sets).Digest;
}
