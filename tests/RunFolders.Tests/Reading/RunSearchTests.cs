namespace Orchestrator.RunFolders.Tests;

public sealed class RunSearchTests : IDisposable
{
    private readonly TemporaryFolder root = new();

    public RunSearchTests()
    {
        foreach ((var name, var id) in new[] { ("quick", "3fa9"), ("quick", "3fa9"), ("quick", "3fb0"), ("slow", "77aa"), ("slow", "3fa9") })
        {
            using var folder = RunFolder.Create(root.Path, name, id);
            folder.Start("{}", Samples.Description);
        }
    }

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("3fa9-2", "quick/3fa9-2")]
    [InlineData("quick/3fa9-1", "quick/3fa9-1")]
    [InlineData("quick/3fa9", "quick/3fa9-2")]
    [InlineData("slow/3fa9", "slow/3fa9-1")]
    [InlineData("3fb", "quick/3fb0-1")]
    [InlineData("7", "slow/77aa-1")]
    public void TryFind_ByIdOrBeginning_GivesTheNewestAttempt(string query, string expected)
    {
        Assert.True(RunSearch.TryFind(root.Path, query, out var run, out var problem), problem);
        Assert.Equal(root.File(expected), run.Folder);
        Assert.Null(problem);
    }

    [Fact]
    public void TryFind_ByPath_NeedsNoRoot()
    {
        Assert.True(RunSearch.TryFind("nowhere", root.File("slow/77aa-1"), out var run, out _));
        Assert.Equal("77aa", run.Id);
    }

    [Theory]
    [InlineData("3f", "3f: 4 runs fit: quick/3fa9-1, quick/3fa9-2, quick/3fb0-1, slow/3fa9-1; give more of the id.")]
    [InlineData("3fa9-1", "3fa9-1: 2 runs fit: quick/3fa9-1, slow/3fa9-1; give more of the id.")]
    public void TryFind_WhereSeveralFit_ListsThem(string query, string expected)
    {
        Assert.False(RunSearch.TryFind(root.Path, query, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("3fc0-1", "the nearest is quick/3fb0-1.")]
    [InlineData("slw/77aa", "the nearest is slow/77aa-1.")]
    [InlineData("", "no such run")]
    [InlineData("quick/", "no such run")]
    public void TryFind_WhereNoneFits_NamesTheNearest(string query, string expected)
    {
        Assert.False(RunSearch.TryFind(root.Path, query, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryFind_WithoutRuns_SaysSo()
    {
        Assert.False(RunSearch.TryFind(root.File("none"), "abc", out _, out var problem));
        Assert.Contains("there is none in", problem, StringComparison.Ordinal);
    }
}
