using System.Text.Json;

namespace Orchestrator.Live;

/// <summary>
/// What changed between two states of a page: a list of <c>[path, from, value]</c>. Where
/// <c>from</c> is a number, the list at the path keeps so many elements and goes on with those of
/// <c>value</c>; where it is null, the value stands there now. Curves that grow at their end cost
/// what is new.
/// </summary>
internal static class StatePatch
{
    /// <summary>JSON; null where nothing changed.</summary>
    public static byte[]? Between(JsonElement before, JsonElement now)
    {
        using var bytes = new MemoryStream();
        var isEmpty = true;
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            Compare(before, now, [], (path, from, write) =>
            {
                isEmpty = false;
                json.WriteStartArray();
                json.WriteStartArray();
                path.ForEach(step => step(json));
                json.WriteEndArray();
                if (from is { } kept)
                {
                    json.WriteNumberValue(kept);
                }
                else
                {
                    json.WriteNullValue();
                }

                write(json);
                json.WriteEndArray();
            });
            json.WriteEndArray();
        }

        return isEmpty ? null : bytes.ToArray();
    }

    private static void Compare(JsonElement before, JsonElement now, List<Action<Utf8JsonWriter>> path, Action<List<Action<Utf8JsonWriter>>, int?, Action<Utf8JsonWriter>> tell)
    {
        switch (before.ValueKind, now.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object) when before.EnumerateObject().All(member => now.TryGetProperty(member.Name, out _)):
                foreach (var member in now.EnumerateObject())
                {
                    path.Add(json => json.WriteStringValue(member.Name));
                    if (before.TryGetProperty(member.Name, out var other))
                    {
                        Compare(other, member.Value, path, tell);
                    }
                    else
                    {
                        tell(path, null, member.Value.WriteTo);
                    }

                    path.RemoveAt(path.Count - 1);
                }

                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareLists(before, now, path, tell);
                break;
            default:
                if (!JsonElement.DeepEquals(before, now))
                {
                    tell(path, null, now.WriteTo);
                }

                break;
        }
    }

    private static void CompareLists(JsonElement before, JsonElement now, List<Action<Utf8JsonWriter>> path, Action<List<Action<Utf8JsonWriter>>, int?, Action<Utf8JsonWriter>> tell)
    {
        // Stretches of a timeline are objects, each with lists of its own.
        if (before.GetArrayLength() == now.GetArrayLength() && now.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
        {
            foreach (var (i, (old, item)) in before.EnumerateArray().Zip(now.EnumerateArray()).Index())
            {
                path.Add(json => json.WriteNumberValue(i));
                Compare(old, item, path, tell);
                path.RemoveAt(path.Count - 1);
            }

            return;
        }

        var same = before.EnumerateArray().Zip(now.EnumerateArray()).TakeWhile(pair => JsonElement.DeepEquals(pair.First, pair.Second)).Count();
        if (same == before.GetArrayLength() && same == now.GetArrayLength())
        {
            return;
        }

        tell(path, same, json =>
        {
            json.WriteStartArray();
            foreach (var item in now.EnumerateArray().Skip(same))
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
        });
    }
}
