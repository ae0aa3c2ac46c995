namespace Orchestrator.Host.Tests;

/// <summary>
/// Every pipeline of <c>pipelines/</c> on the virtual clock has the digest that <c>pipelines/digests.txt</c> holds, on any machine. With
/// ORCHESTRATOR_ACCEPT=1 a test writes the digest instead; a commit that changes one says why.
/// </summary>
public sealed class ShippedDigestTests : IDisposable
{
    private const string OfOfficialData = "seeds/epfl/";

    private static readonly string File = Cli.Shipped("digests.txt");

    private readonly Cli program = new();

    public static TheoryData<string> OwnData => [.. Pipelines().Where(p => !p.StartsWith(OfOfficialData, StringComparison.Ordinal))];

    public static TheoryData<string> OfficialData => [.. Pipelines().Where(p => p.StartsWith(OfOfficialData, StringComparison.Ordinal))];

    public void Dispose() => program.Dispose();

    [Fact]
    public void EveryPipeline_OnTheVirtualClock_HasADigest() => Assert.Equal(Pipelines(), Committed().Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OwnData))]
    public void APipelineThatNeedsNoFiles_HasTheCommittedDigest(string pipeline) => Check(pipeline);

    // Fashion-MNIST is looked for where the program looks for it: under data/ here, or in the folders of ORCHESTRATOR_DATA. Twenty seconds each.
    [Theory(Explicit = true)]
    [Trait("Slow", "true")]
    [MemberData(nameof(OfficialData))]
    public void APipelineOfOfficialData_HasTheCommittedDigest(string pipeline) => Check(pipeline);

    // What others extend trains nothing by itself; the wall clock has no digest that repeats.
    private static List<string> Pipelines() =>
    [
        .. Directory.EnumerateFiles(Cli.Shipped(""), "*.json", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Cli.Shipped(""), f).Replace('\\', '/'))
            .Where(p => p is not ("pipeline.schema.json" or "timing-noise.json" or "seeds/epfl/base.json"))
            .Order(StringComparer.Ordinal),
    ];

    // As sha256sum writes: the digest, two spaces, the file.
    private static SortedDictionary<string, string> Committed() =>
        new(System.IO.File.ReadLines(File).Select(line => line.Split("  ")).ToDictionary(pair => pair[1], pair => pair[0]), StringComparer.Ordinal);

    private void Check(string pipeline)
    {
        var digest = program.RunJson(Cli.Shipped(pipeline), 0).GetProperty("digest").GetString()!;
        var committed = Committed();
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
        {
            committed[pipeline] = digest;
            System.IO.File.WriteAllLines(File, committed.Select(pair => $"{pair.Value}  {pair.Key}"));
        }

        Assert.Equal(committed.GetValueOrDefault(pipeline), digest);
    }
}
