using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Runs;

/// <summary><c>launch.json</c>: what was submitted, so that any process can ask about it.</summary>
public sealed record LaunchRecord
{
    /// <summary>The only schema version so far.</summary>
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The launcher's name.</summary>
    public required string Launcher { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>
    /// Full path of the sweep's folder that the tasks work on; null for a single run.
    /// </summary>
    public string? Sweep { get; init; }

    /// <summary>What the scheduler, or the system, calls it.</summary>
    public required string Job { get; init; }

    /// <summary>Tasks, or worker hosts.</summary>
    public required int Tasks { get; init; }

    /// <summary>Indented JSON, as in the file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LaunchJson.Default.LaunchRecord) + "\n";

    /// <exception cref="JsonException">The text is no <c>launch.json</c>.</exception>
    public static LaunchRecord Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, LaunchJson.Default.LaunchRecord) ?? throw new JsonException("The document is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(LaunchRecord))]
internal sealed partial class LaunchJson : JsonSerializerContext;
