using System.Text.RegularExpressions;

namespace Orchestrator.Runs.Tests;

/// <summary>
/// Every pipeline of <c>pipelines/</c> on the virtual clock has the digest that
/// <c>pipelines/digests.txt</c> holds, on any machine. With ORCHESTRATOR_ACCEPT=1 a test writes the
/// digest instead; a commit that changes one says why.
/// </summary>
public sealed partial class ShippedDigestTests : IDisposable
{
    private static readonly string File = Laboratory.SourceOf("pipelines", "digests.txt");

    private readonly Laboratory laboratory = new();

    public static TheoryData<string> OwnData => [.. Pipelines().Where(p => !NeedsFiles(Source(p)))];

    public static TheoryData<string> OfficialData => [.. Pipelines().Where(p => NeedsFiles(Source(p)))];

    public void Dispose() => laboratory.Dispose();

    [Fact]
    public void EveryPipeline_OnTheVirtualClock_HasADigest() => Assert.Equal(Pipelines(), Committed().Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(OwnData))]
    public void APipelineThatNeedsNoFiles_HasTheCommittedDigest(string pipeline) => Check(pipeline);

    // Fashion-MNIST is looked for in the folders of ORCHESTRATOR_DATA. Twenty seconds each.
    [Theory(Explicit = true)]
    [Trait("Slow", "true")]
    [MemberData(nameof(OfficialData))]
    public void APipelineOfOfficialData_HasTheCommittedDigest(string pipeline) => Check(pipeline);

    // What others extend trains nothing by itself, a sweep is several runs, and the wall clock has
    // no digest that repeats.
    private static List<string> Pipelines() =>
    [
        .. Directory.EnumerateFiles(Source(""), "*.json", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is not ("base.json" or "pipeline.schema.json") && !Says(f, "\"sweep\":") && !Says(f, "\"clock\": \"wall\""))
            .Select(f => Path.GetRelativePath(Source(""), f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    private static string Source(string pipeline) => Laboratory.SourceOf("pipelines", pipeline);

    private static bool NeedsFiles(string file) =>
        Says(file, "\"type\": \"fashion-mnist\"") || Says(file, "\"type\": \"mnist\"") || Says(file, "\"type\": \"cifar");

    // In the file or in what it extends.
    private static bool Says(string file, string words)
    {
        var text = System.IO.File.ReadAllText(file);
        var extended = Extended().Match(text);
        return text.Contains(words, StringComparison.Ordinal)
            || (extended.Success && Says(Path.Combine(Path.GetDirectoryName(file)!, extended.Groups[1].Value), words));
    }

    [GeneratedRegex("\"extends\": \"([^\"]+)\"")]
    private static partial Regex Extended();

    // As sha256sum writes: the digest, two spaces, the file.
    private static SortedDictionary<string, string> Committed() =>
        new(System.IO.File.ReadLines(File).Select(line => line.Split("  ")).ToDictionary(pair => pair[1], pair => pair[0]), StringComparer.Ordinal);

    private void Check(string pipeline)
    {
        var digest = laboratory.RunOn(2, Source(pipeline)).Digest!;
        var committed = Committed();
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
        {
            committed[pipeline] = digest;
            System.IO.File.WriteAllLines(File, committed.Select(pair => $"{pair.Value}  {pair.Key}"));
        }

        Assert.Equal(committed.GetValueOrDefault(pipeline), digest);
    }
}
