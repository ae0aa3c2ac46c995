using System.Text.RegularExpressions;

namespace Orchestrator.Composition.Tests;

public class StreamTests
{
    [Fact]
    public void A_stream_may_have_a_seed_of_its_own() =>
        Assert.Equal(new Dictionary<string, long> { ["delay"] = 7 }, Documents.Resolve(Documents.Good, "streams.delay=7").Streams!.Seeds);

    [Fact]
    public void An_unknown_stream_is_refused_with_the_nearest() =>
        Assert.EndsWith("did you mean 'delay'?", Assert.Single(Documents.Mistakes("streams.dealy=7")), StringComparison.Ordinal);

    [Fact]
    public void Without_streams_the_id_is_what_it_was()
    {
        var id = Documents.Resolve(Documents.Good).Id;
        Assert.Equal(id, Documents.Resolve(Documents.Good, "streams={}").Id);
        Assert.Equal(id, Documents.Resolve(Documents.Good, "streams={\"delay\":null}").Id);
        Assert.NotEqual(id, Documents.Resolve(Documents.Good, "streams.delay=7").Id);
    }

    /// <summary>
    /// A stream that the engine opens and that no pipeline can name would be a factor that nobody
    /// can hold fixed.
    /// </summary>
    [Fact]
    public void Every_stream_that_the_engine_opens_can_be_named()
    {
        var opened = new[] { "Engine", "Runs" }
            .SelectMany(project => Directory.GetFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/"))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "(?:[sS]treams|\\))\\.(?:Open|Keys?)\\(\"([a-z]+)\"|new Track\\(\"([a-z]+)\""))
            .Select(match => match.Groups[1].Value + match.Groups[2].Value)
            .Order(StringComparer.Ordinal).Distinct();

        Assert.Equal(StreamSettings.Names.Order(StringComparer.Ordinal), opened);
    }
}
