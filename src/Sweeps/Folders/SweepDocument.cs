using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Sweeps;

/// <summary>
/// <c>sweep.json</c>: what a sweep asks, so that any process on any machine can work on it.
/// </summary>
public sealed record SweepDocument
{
    /// <summary>The only schema version so far.</summary>
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>
    /// A hash of the question: the section, and the keys of all cells. 12 hexadecimal digits.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What cells are compared by, as in a run's summary: <c>testAccuracy</c> or <c>testLoss</c>.
    /// </summary>
    public required string Metric { get; init; }

    /// <summary>The axes' names.</summary>
    public required IReadOnlyList<string> Axes { get; init; }

    public required IReadOnlyList<SweepCell> Cells { get; init; }

    /// <summary>The rounds, in order.</summary>
    public required IReadOnlyList<SweepRound> Rounds { get; init; }

    /// <summary>
    /// What each file that cells name held when the sweep was begun, as a hash by the file's name;
    /// null where none is named, and of programs before this one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>
    /// The whole pipeline as it was when the sweep began, files that it extends and values of the
    /// command line included.
    /// </summary>
    public required JsonElement Pipeline { get; init; }

    /// <summary>Of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="frozen">Its pipeline's text.</param>
    public static SweepDocument Of(SweepPlan plan, string frozen) => new()
    {
        Id = IdOf(plan),
        Name = plan.Name,
        Metric = plan.MetricName,
        Axes = [.. plan.Axes.Select(axis => axis.Name)],
        Cells = [.. plan.Cells.Select(cell => new SweepCell(cell.Key, [.. cell.Values.Select(value => value.Text)]))],
        Rounds = [.. plan.Rounds.Select(round => new SweepRound(round.Name, [.. round.Levels.Select(level => new SweepLevel(level.Seed, level.StreamText))], round.Keep, round.Per))],
        Files = FilesOf(plan) is { Count: > 0 } files ? files : null,
        Pipeline = JsonDocument.Parse(frozen).RootElement,
    };

    /// <summary>Indented JSON, as in the file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SweepJson.Indented.SweepDocument) + "\n";

    /// <exception cref="JsonException">The text is no <c>sweep.json</c>.</exception>
    public static SweepDocument Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, SweepJson.Indented.SweepDocument) ?? throw new JsonException("The document is null.");

    private static SortedDictionary<string, string> FilesOf(SweepPlan plan) =>
        new(plan.Cells.SelectMany(cell => cell.Pipeline.NamedFiles).DistinctBy(file => file.Key).ToDictionary(), StringComparer.Ordinal);

    /// <summary>The id of a plan's question.</summary>
    public static string IdOf(SweepPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(plan.Settings.CanonicalJson));
        foreach (var cell in plan.Cells)
        {
            hash.AppendData(Encoding.UTF8.GetBytes("\n" + cell.Key));
        }

        foreach (var level in plan.Rounds.SelectMany(round => round.Levels))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{level}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}

/// <summary>A cell of a sweep.</summary>
/// <param name="Key">Under what its results are kept.</param>
/// <param name="Values">One per axis.</param>
public sealed record SweepCell(string Key, IReadOnlyList<string> Values);

/// <summary>A round of a sweep.</summary>
/// <param name="Name">Empty where there is one round.</param>
/// <param name="Levels">What the runs of each cell differ by.</param>
/// <param name="Keep">How many cells go on; null for the last.</param>
/// <param name="Per">Axes within whose every combination so many go on.</param>
public sealed record SweepRound(string Name, IReadOnlyList<SweepLevel> Levels, int? Keep, IReadOnlyList<string> Per);

/// <summary>What two runs of a cell differ by.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Streams">Seeds of single streams: <c>delay=7 init=3</c>; empty without any.</param>
public sealed record SweepLevel(long Seed, string Streams);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SweepDocument))]
internal sealed partial class SweepJson : JsonSerializerContext
{
    public static SweepJson Indented { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
