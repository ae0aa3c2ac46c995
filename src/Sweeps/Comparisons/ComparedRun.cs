using System.Text.Json;
using Orchestrator.RunFolders;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>A run that is compared with others.</summary>
/// <param name="Folder">Full path of its folder.</param>
/// <param name="Key">Its seed and the seeds of single streams, which pair it.</param>
/// <param name="Settings">
/// Its pipeline as values by path, without what makes no cell: name, seed, streams, telemetry and, on the virtual clock, transport.
/// </param>
/// <param name="Summary">What it came to.</param>
/// <param name="Run">What was known of it before its first pull.</param>
/// <param name="Started">When it started; UTC.</param>
public sealed record ComparedRun(
    string Folder, SeedKey Key, IReadOnlyDictionary<string, string> Settings, RunSummary Summary, RunDescription Run, DateTimeOffset Started)
{
    private static readonly string[] Left = ["$schema", "name", "seed", "streams", "telemetry", "sweep"];

    /// <summary>Compute threads times real time, s.</summary>
    public double CoreSeconds =>
        Summary.WallSeconds * (Run.Options.TryGetValue("threads", out var text) && int.TryParse(text, out var threads) && threads is > 0 and <= 4096 ? threads : 1);

    /// <summary>The run, from its folder.</summary>
    /// <param name="entry">A run that ended, and whose <c>run.json</c> could be read.</param>
    /// <param name="problem">Why it cannot be compared.</param>
    /// <returns>Null where there is a problem.</returns>
    public static ComparedRun? Read(RunEntry entry, out string? problem)
    {
        problem = null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(entry.Folder, "pipeline.json")));
            var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var isVirtual = entry.Document!.Run.IsVirtual;
            foreach (var property in document.RootElement.EnumerateObject().Where(p => !Left.Contains(p.Name) && !(isVirtual && p.Name == "transport")))
            {
                Flatten(property.Name, property.Value, settings);
            }

            return new(entry.Folder, KeyOf(document.RootElement), settings, entry.Document.Summary!, entry.Document.Run, entry.Started);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            problem = $"{entry.Folder}: pipeline.json cannot be read: {e.Message}";
            return null;
        }
    }

    /// <summary>The value of a run in a table: null where the run did not converge.</summary>
    public SeedResult Result(RunMetric metric) => new(Key, Summary.NoConvergence ? null : metric.Value(Summary));

    private static SeedKey KeyOf(JsonElement pipeline)
    {
        var streams = pipeline.TryGetProperty("streams", out var list) && list.ValueKind == JsonValueKind.Object
            ? list.EnumerateObject().Where(s => s.Value.ValueKind == JsonValueKind.Number).OrderBy(s => s.Name, StringComparer.Ordinal).Select(s => $"{s.Name}={s.Value.GetRawText()}")
            : [];
        return new(pipeline.TryGetProperty("seed", out var seed) ? seed.GetInt64() : 1, string.Join(' ', streams));
    }

    private static void Flatten(string path, JsonElement value, SortedDictionary<string, string> settings)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    Flatten($"{path}.{property.Name}", property.Value, settings);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Flatten($"{path}[{index}]", item, settings);
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                settings[path] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                break;
        }
    }
}
