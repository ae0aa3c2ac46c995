using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Live;

namespace Orchestrator.Reports.Tests;

/// <summary>What changed, put into what was, is what is.</summary>
public sealed class StatePatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null)]
    [InlineData("""{"a":1,"b":[1,2]}""", """{"a":2,"b":[1,2,3]}""", """[[["a"],null,2],[["b"],2,[3]]]""")]
    [InlineData("""{"b":[1,2,3]}""", """{"b":[1,9]}""", """[[["b"],1,[9]]]""")]
    [InlineData("""{"b":[1,2,3]}""", """{"b":[]}""", """[[["b"],0,[]]]""")]
    [InlineData("""{"a":{"x":null,"y":[]}}""", """{"a":{"x":"t","y":[[1]]}}""", """[[["a","x"],null,"t"],[["a","y"],0,[[1]]]]""")]
    [InlineData("""{"a":{"x":1,"y":2}}""", """{"a":{"x":1}}""", """[[["a"],null,{"x":1}]]""")]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"x":1,"y":2}}""", """[[["a","y"],null,2]]""")]
    [InlineData("""{"w":[{"n":"a","l":[1]},{"n":"b","l":[2]}]}""", """{"w":[{"n":"a","l":[1]},{"n":"b","l":[2,3]}]}""", """[[["w",1,"l"],1,[3]]]""")]
    [InlineData("""{"w":[{"n":1}]}""", """{"w":[{"n":1},{"n":2}]}""", """[[["w"],1,[{"n":2}]]]""")]
    [InlineData("""{"a":[1]}""", """{"a":1}""", """[[["a"],null,1]]""")]
    public void A_change_is_no_more_than_what_is_new(string before, string now, string? expected)
    {
        using var old = JsonDocument.Parse(before);
        using var next = JsonDocument.Parse(now);
        var change = StatePatch.Between(old.RootElement, next.RootElement);

        Assert.Equal(expected, change is null ? null : System.Text.Encoding.UTF8.GetString(change));
        if (change is not null)
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(now), Applied(JsonNode.Parse(before)!, JsonNode.Parse(change)!.AsArray())));
        }
    }

    // As live.js does it.
    private static JsonNode Applied(JsonNode target, JsonArray changes)
    {
        foreach (var change in changes)
        {
            var (path, kept, value) = (change![0]!.AsArray(), (int?)change[1], change[2]);
            var owner = path.SkipLast(1).Aggregate(target, (at, key) => key!.GetValueKind() == JsonValueKind.Number ? at[(int)key]! : at[(string)key!]!);
            var last = (string)path[^1]!;
            owner[last] = kept is { } count
                ? new JsonArray([.. owner[last]!.AsArray().Take(count).Concat(value!.AsArray()).Select(item => item?.DeepClone())])
                : value?.DeepClone();
        }

        return target;
    }
}
