using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>A run that is compared with others.</summary>
public sealed record ComparedRun
{
    private const int LargestPipeline = 16 << 20;

    private static readonly string[] Left = ["$schema", "name", "seed", "streams", "telemetry", "sweep"];

    /// <summary>Its folder, or its key where it is a row of a ledger.</summary>
    public required string Place { get; init; }

    /// <summary>Runs that it is the mean of; 1 where it is one.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Its seed and the seeds of single streams, which pair it.</summary>
    public required SeedKey Key { get; init; }

    /// <summary>
    /// What makes its cell: values on a sweep's axes, or its pipeline by path without name, seed,
    /// streams, telemetry and, on the virtual clock, transport.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Its value of each metric that it has, by the metric's key.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Whether it did not converge.</summary>
    public required bool NoConvergence { get; init; }

    /// <summary>Compute threads times real time, s.</summary>
    public required double CoreSeconds { get; init; }

    /// <summary>Version of the program; empty where it is not known.</summary>
    public required string Program { get; init; }

    /// <summary>What the model's results depend on beyond their inputs.</summary>
    public required string KernelPath { get; init; }

    /// <summary>Hexadecimal SHA-256 over the samples.</summary>
    public required string Data { get; init; }

    /// <summary>Whether it ran on the virtual clock.</summary>
    public required bool IsVirtual { get; init; }

    /// <summary>Whether it follows a recorded schedule.</summary>
    public bool HasSchedule { get; init; }

    /// <summary>When it started; UTC.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The run, from its folder.</summary>
    /// <param name="entry">A run that ended, and whose <c>run.json</c> could be read.</param>
    /// <param name="problem">Why it cannot be compared.</param>
    /// <returns>Null where there is a problem.</returns>
    public static ComparedRun? Read(RunEntry entry, out string? problem)
    {
        problem = null;
        try
        {
            using var document = JsonDocument.Parse(RegularFile.ReadAllBytes(Path.Combine(entry.Folder, "pipeline.json"), LargestPipeline));
            var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var isVirtual = entry.Document!.Run.IsVirtual;
            foreach (var property in document.RootElement.EnumerateObject().Where(p => !Left.Contains(p.Name) && !(isVirtual && p.Name == "transport")))
            {
                Flatten(property.Name, property.Value, settings);
            }

            return Of(entry, entry.Document, KeyOf(document.RootElement), settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            problem = $"{entry.Folder}: pipeline.json cannot be read: {e.Message}";
            return null;
        }
    }

    /// <summary>Whether it says something of a metric: its value, or that it did not converge.</summary>
    public bool Has(RunMetric metric) => NoConvergence || Values.ContainsKey(metric.Key);

    /// <summary>The value of a run in a table: null where the run did not converge.</summary>
    public SeedResult Result(RunMetric metric) => new(Key, NoConvergence ? null : Values.TryGetValue(metric.Key, out var value) ? value : null);

    private static ComparedRun Of(RunEntry entry, RunDocument document, SeedKey key, IReadOnlyDictionary<string, string> settings)
    {
        var summary = document.Summary!;
        var threads = document.Run.Options.TryGetValue("threads", out var text) && int.TryParse(text, out var number) && number is > 0 and <= 4096 ? number : 1;
        return new ComparedRun
        {
            Place = entry.Folder,
            Key = key,
            Settings = settings,
            Values = RunMetric.All.Select(metric => (metric.Key, Value: metric.OfRun(summary))).Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!.Value),
            NoConvergence = summary.NoConvergence,
            CoreSeconds = summary.WallSeconds * threads,
            Program = document.Run.ProgramVersion,
            KernelPath = document.Run.KernelPath,
            Data = document.Run.DatasetFingerprint,
            IsVirtual = document.Run.IsVirtual,
            HasSchedule = document.Run.Schedule is not null,
            Started = entry.Started,
        };
    }

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
