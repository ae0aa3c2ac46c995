using System.Globalization;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>What is known of a run before its first pull.</summary>
public sealed record RunDescription
{
    /// <summary>Of more classes names are not kept: every list of runs reads them.</summary>
    public const int MostClassNames = 1000;

    /// <summary>Version of the program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>
    /// The program's assemblies that results depend on; null where the run was recorded before this
    /// was.
    /// </summary>
    public IReadOnlyList<RecordedAssembly>? Program { get; init; }

    /// <summary>
    /// The plugins that the run used; null where the run was recorded before this was.
    /// </summary>
    public IReadOnlyList<RecordedPlugin>? Plugins { get; init; }

    /// <summary>
    /// What the model's results depend on beyond their inputs, e.g. <c>managed</c>.
    /// </summary>
    public required string KernelPath { get; init; }

    /// <summary>Hexadecimal SHA-256 over the samples.</summary>
    public required string DatasetFingerprint { get; init; }

    /// <summary>
    /// Hexadecimal SHA-256 of the pipeline without name and seed, with what its files hold in the
    /// place of their names; null where the run was recorded before this was.
    /// </summary>
    public string? Content { get; init; }

    /// <summary>Whether the run is on the virtual clock.</summary>
    public required bool IsVirtual { get; init; }

    public required int Workers { get; init; }

    /// <summary>Number of classes; 0 where samples have no label.</summary>
    public required int Classes { get; init; }

    /// <summary>
    /// What the classes are called; null where their numbers say as much, where there are more than
    /// <see cref="MostClassNames"/>, and where the run was recorded before this was.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>
    /// Whose recorded schedule the run follows; null where the order of arrivals is its own.
    /// </summary>
    public ScheduleSource? Schedule { get; init; }

    /// <summary>The names of classes that are worth keeping; null where none are.</summary>
    public static IReadOnlyList<string>? NamesWorthKeeping(IReadOnlyList<string> names) =>
        names.Count <= MostClassNames && names.Index().Any(name => name.Item != name.Index.ToString(CultureInfo.InvariantCulture)) ? names : null;

    /// <summary>
    /// Options of the command line worth knowing that are not in the pipeline, such as
    /// <c>threads</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Options { get => field ?? new Dictionary<string, string>(); init; } = new Dictionary<string, string>();
}

/// <summary>The run whose schedule another one follows.</summary>
/// <param name="Name">Its pipeline's name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Folder">Full path of its folder.</param>
/// <param name="Pushes">Pushes on the schedule, cancelled ones included.</param>
/// <param name="Digest">Hexadecimal SHA-256 over the schedule.</param>
public sealed record ScheduleSource(string Name, string Id, int Attempt, string Folder, long Pushes, string Digest);

/// <summary>How a run ended, beside what its records say.</summary>
public sealed record RunOutcome
{
    public required RunStatus Status { get; init; }

    /// <summary>
    /// Why the run did not complete, naming worker, version and time where they are known.
    /// </summary>
    public string? Message { get; init; }

    /// <summary>Real time of the run, s.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Virtual time of the run, s; null on the wall clock.</summary>
    public double? VirtualSeconds { get; init; }

    /// <summary>Worker hosts, the run's own process included where it computed.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>
    /// What each worker host of another process carried; null for a run within one process.
    /// </summary>
    public IReadOnlyList<HostTraffic>? HostTraffic { get; init; }

    /// <summary>Where the time up to the first push went; null where it was not measured.</summary>
    public StartUpTimes? StartUp { get; init; }

    /// <summary>The server's version at the end; null takes what the records show.</summary>
    public long? Updates { get; init; }
}

/// <summary>Where an earlier process left a run.</summary>
/// <param name="At">When the present one took it up, UTC.</param>
/// <param name="WallSeconds">Real time that it had taken, s.</param>
public sealed record ResumedAt(DateTimeOffset At, double WallSeconds);

/// <summary><c>run.json</c>.</summary>
public sealed record RunDocument
{
    /// <summary>The only schema version so far.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "run.json";

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Hash of the canonical resolved pipeline.</summary>
    public required string Id { get; init; }

    /// <summary>Number of the run among those of the same id, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    public required RunStatus Status { get; init; }

    /// <summary>Why the run did not complete.</summary>
    public string? Message { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>
    /// When a process last went on with it, and what it had taken by then; null where one process
    /// has done all.
    /// </summary>
    public ResumedAt? Resumed { get; init; }

    /// <summary>UTC; null while running.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>
    /// Hexadecimal SHA-256 of <see cref="RunDigest"/>; null where the run failed or its process
    /// died.
    /// </summary>
    public string? Digest { get; init; }

    public required RunDescription Run { get; init; }

    public required RunEnvironment Environment { get; init; }

    /// <summary>Null while running.</summary>
    public RunSummary? Summary { get; init; }

    /// <summary>Indented JSON, as in the file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultsJson.Indented.RunDocument);

    /// <exception cref="JsonException">The text is no <c>run.json</c>.</exception>
    public static RunDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, ResultsJson.Compact.RunDocument) ?? throw new JsonException("The document is null.");
            return document.HasHoles ? throw new JsonException("A list in it has null for an element.") : document;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or NotSupportedException)
        {
            // Text that is no Unicode, and numbers and times beyond their types.
            throw new JsonException(e.Message, e);
        }
    }

    // The serializer looks at properties, not at elements.
    private bool HasHoles =>
        HasHole(Run.Program) || HasHole(Run.ClassNames) || HasHole(Run.Plugins) || HasHole(Summary?.HostTraffic) || HasHole(Summary?.Notes) || Run.Options.Values.Any(value => value is null);

    private static bool HasHole<T>(IReadOnlyList<T>? list) where T : class => list?.Any(element => element is null) == true;

    /// <summary>
    /// The schema version of a document that a newer program wrote, whatever else it has; null of
    /// any other.
    /// </summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    internal static long? Newer(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadNewer(json);
        }
        catch (InvalidOperationException e)
        {
            // A name that is no Unicode.
            throw new JsonException(e.Message, e);
        }
    }

    private static long? ReadNewer(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("schemaVersion"u8);
            reader.Read();
            if (isVersion)
            {
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var version) && version > CurrentSchemaVersion ? version : null;
            }

            reader.Skip();
        }

        return null;
    }
}
