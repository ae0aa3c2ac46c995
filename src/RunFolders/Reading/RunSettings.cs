using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// What a run's resolved pipeline says, by path: <c>workers.count</c> is <c>16</c>.
/// </summary>
public static class RunSettings
{
    private const int LargestPipeline = 16 << 20;

    // What names a run, or changes no result.
    private static readonly string[] Left = ["$schema", "name", "telemetry", "sweep"];

    /// <summary>
    /// The values by path; lists on one line. Empty where the pipeline cannot be read.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read(RunEntry run)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(RegularFile.ReadAllBytes(Path.Combine(run.Folder, RunFolder.PipelineFileName), LargestPipeline));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in document.RootElement.EnumerateObject().Where(p => !Left.Contains(p.Name)))
                {
                    Add(property.Name, property.Value, values);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            values.Clear();
        }

        return values;
    }

    /// <summary>
    /// The values in which runs differ from each other, of each run those that it has. Where they
    /// name different plugins for a part, options that not all of them have say no more than the
    /// names do, and are left out.
    /// </summary>
    /// <param name="runs">The values of each run, as read.</param>
    public static IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Differences(IReadOnlyList<IReadOnlyDictionary<string, string>> runs)
    {
        var differing = runs.SelectMany(run => run.Keys).Distinct(StringComparer.Ordinal).Where(path => Differ(path, runs)).ToHashSet(StringComparer.Ordinal);
        differing.RemoveWhere(path => runs.Any(run => run.Count > 0 && !run.ContainsKey(path)) && HasOtherType(path, differing));
        return [.. runs.Select(run => run.Where(value => differing.Contains(value.Key)).ToList())];
    }

    private static bool Differ(string path, IReadOnlyList<IReadOnlyDictionary<string, string>> runs)
    {
        var known = runs.Where(run => run.Count > 0).Select(run => run.GetValueOrDefault(path)).ToList();
        return known.Exists(value => value != known[0]);
    }

    private static bool HasOtherType(string path, HashSet<string> differing)
    {
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            var type = path[..dot] + ".type";
            if (path != type && differing.Contains(type))
            {
                return true;
            }
        }

        return false;
    }

    private static void Add(string path, JsonElement value, SortedDictionary<string, string> values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Add($"{path}.{property.Name}", property.Value, values);
                }

                break;
            case JsonValueKind.Null:
                break;
            case JsonValueKind.String:
                values[path] = value.GetString()!;
                break;
            default:
                values[path] = Compact(value);
                break;
        }
    }

    // A plugin without other options is its name, as a pipeline may write it.
    private static string Compact(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Compact))}]",
        JsonValueKind.Object when value.EnumerateObject().ToList() is [{ Name: "type", Value: { ValueKind: JsonValueKind.String } name }] => name.GetString()!,
        JsonValueKind.Object => JsonSerializer.Serialize(value, ResultsJson.Compact.JsonElement),
        _ => value.GetRawText(),
    };
}
