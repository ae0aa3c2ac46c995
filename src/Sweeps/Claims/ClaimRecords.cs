using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;

namespace Orchestrator.Sweeps;

/// <summary>How an attempt at a run ended, other than by completing it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptEnd>))]
public enum AttemptEnd
{
    /// <summary>Its process was told to stop, and left a checkpoint.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>The run failed; the message says why.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its process died of the run: a native crash, no memory left.</summary>
    [JsonStringEnumMemberName("crashed")]
    Crashed,

    /// <summary>Its process was killed; by whom is not known.</summary>
    [JsonStringEnumMemberName("killed")]
    Killed,

    /// <summary>
    /// Its process gave no sign of life for the length of a lease, or had ended when somebody
    /// looked.
    /// </summary>
    [JsonStringEnumMemberName("lost")]
    Lost,
}

/// <summary><c>claim-N</c>: who has the run.</summary>
/// <param name="Owner">The process.</param>
/// <param name="Build">That it runs it with; null where an earlier program did not say.</param>
internal sealed record ClaimRecord(ProcessIdentity Owner, string? Build = null);

/// <summary><c>attempt-N</c>: the run folder that a claim writes.</summary>
/// <param name="Folder">Relative to the folder of all runs, with forward slashes.</param>
internal sealed record AttemptRecord(string Folder);

/// <summary><c>end-N</c>: how a claim ended.</summary>
internal sealed record EndRecord(AttemptEnd How, string? Message, string Writer);

/// <summary><c>again-N</c>: a second completion.</summary>
internal sealed record SecondCompletion(CompletedRun Run, bool IsSame);

/// <summary><c>done</c>: what a run came to, and a row of the ledger.</summary>
public sealed record CompletedRun
{
    /// <summary>The status of a run that ended early.</summary>
    public const string Diverged = "diverged";

    /// <summary>The run's key.</summary>
    public required string Key { get; init; }

    /// <summary>Its cell's key.</summary>
    public required string Cell { get; init; }

    public required long Seed { get; init; }

    /// <summary>Seeds of single streams: <c>delay=7 init=3</c>; empty without any.</summary>
    public string Streams { get; init; } = "";

    /// <summary>Completed, or diverged.</summary>
    public required string Status { get; init; }

    /// <summary>The same as one of <see cref="RunStatus"/>.</summary>
    [JsonIgnore]
    public RunStatus End => Status == Diverged ? RunStatus.Diverged : RunStatus.Completed;

    /// <summary>The run's digest.</summary>
    public string? Digest { get; init; }

    /// <summary>
    /// Whether the run was on the virtual clock, so that its digest is the same each time.
    /// </summary>
    public required bool IsVirtual { get; init; }

    /// <summary>What the bits depend on: a hash of the program's and the plugins' builds.</summary>
    public required string Build { get; init; }

    /// <summary>Vector width and kernels.</summary>
    public required string KernelPath { get; init; }

    /// <summary>SHA-256 over the samples.</summary>
    public required string Data { get; init; }

    /// <summary>Percent; null without an evaluation, or where samples have no label.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>
    /// Mean over the test samples; null without an evaluation, or where it is not finite.
    /// </summary>
    public double? TestLoss { get; init; }

    /// <summary>Percent; null where nothing is kept for validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationAccuracy { get; init; }

    /// <summary>
    /// Mean over the samples kept for validation; null where none are, or where it is not finite.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationLoss { get; init; }

    /// <summary>Whether the run did not converge.</summary>
    public required bool NoConvergence { get; init; }

    public required long Updates { get; init; }

    /// <summary>Mean staleness; null where no push arrived.</summary>
    public double? Staleness { get; init; }

    /// <summary>Virtual time; null on the wall clock.</summary>
    public double? VirtualSeconds { get; init; }

    /// <summary>Real time of the run; outside every table.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>
    /// The run folder, relative to the folder of all runs; empty where it is gone.
    /// </summary>
    public string Folder { get; init; } = "";

    /// <summary>Which of the run's claims completed it.</summary>
    public int Claim { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClaimRecord))]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(EndRecord))]
[JsonSerializable(typeof(CompletedRun))]
[JsonSerializable(typeof(SecondCompletion))]
[JsonSerializable(typeof(RungResult))]
internal sealed partial class ClaimJson : JsonSerializerContext
{
    public static ClaimJson Line { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
