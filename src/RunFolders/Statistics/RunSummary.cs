using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// What a run came to; what <c>run --json</c> prints and <c>run.json</c> holds. Numbers that are
/// not finite are null in JSON.
/// </summary>
public sealed record RunSummary
{
    /// <summary>The report's name in the run's folder.</summary>
    public const string ReportFileName = "report.html";

    public required string Id { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    public required RunStatus Status { get; init; }

    /// <summary>Why the run did not complete; null where it did.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Whose recorded schedule the run followed, <c>NAME/ID-ATTEMPT</c>; null where the order of
    /// arrivals is its own.
    /// </summary>
    public string? Schedule { get; init; }

    /// <summary>Full path of the run folder.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Full path of the report; null where there is none. <c>run.json</c>, which is written first,
    /// has null.
    /// </summary>
    public string? Report { get; init; }

    /// <summary>
    /// Hexadecimal SHA-256 of <see cref="RunDigest"/>; null where the run failed or its process
    /// died.
    /// </summary>
    public string? Digest { get; init; }

    /// <summary>Updates of the parameters.</summary>
    public required long Updates { get; init; }

    /// <summary>Updates per second of real time, whatever the clock.</summary>
    public required double UpdatesPerSecond { get; init; }

    /// <summary>
    /// Percent, of the last evaluation; null without one, or where samples have no label.
    /// </summary>
    public required double? TestAccuracy { get; init; }

    /// <summary>
    /// Mean loss over the test samples, of the last evaluation; null without one.
    /// </summary>
    public required double? TestLoss { get; init; }

    /// <summary>As <see cref="TestAccuracy"/>, over the training samples.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TrainAccuracy { get; init; }

    /// <summary>As <see cref="TestLoss"/>, over the training samples.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TrainLoss { get; init; }

    /// <summary>As <see cref="TestAccuracy"/>, over the samples kept for validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationAccuracy { get; init; }

    /// <summary>As <see cref="TestLoss"/>, over the samples kept for validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationLoss { get; init; }

    /// <summary>
    /// No convergence: non-finite loss; or, of a run that completed after one epoch at least,
    /// accuracy at most one point above chance, or one class for every input.
    /// </summary>
    public required bool NoConvergence { get; init; }

    public required StalenessSummary Staleness { get; init; }

    public required GapSummary Gap { get; init; }

    public required PushCounts Pushes { get; init; }

    /// <summary>Samples of the pushes that were applied or buffered.</summary>
    public required long Samples { get; init; }

    public required int Workers { get; init; }

    /// <summary>Worker hosts, the run's own process included where it computed.</summary>
    public required int Hosts { get; init; }

    /// <summary>
    /// What each worker host of another process carried; null for a run within one process.
    /// </summary>
    public IReadOnlyList<HostTraffic>? HostTraffic { get; init; }

    /// <summary>Real time of the run, s.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Virtual time of the run, s; null on the wall clock.</summary>
    public required double? VirtualSeconds { get; init; }

    /// <summary>Where the time up to the first push went; null where it was not measured.</summary>
    public StartUpTimes? StartUp { get; init; }

    /// <summary>
    /// What is worth a sentence beside the numbers: timer error, overruns, idle cores, what hosts
    /// carried, lost telemetry, and what to try where a run did not converge.
    /// </summary>
    /// <remarks>Absent from documents of earlier programs.</remarks>
    public IReadOnlyList<string> Notes { get => field ?? []; init; } = [];

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultsJson.Compact.RunSummary);

    /// <exception cref="JsonException">The text is no summary.</exception>
    public static RunSummary Parse(string json) => JsonSerializer.Deserialize(json, ResultsJson.Compact.RunSummary) ?? throw new JsonException("The summary is null.");
}

/// <summary>
/// Real time from the start of the process to the first push that arrived, by what was done; ms.
/// </summary>
/// <param name="Process">The runtime started, services were put together.</param>
/// <param name="Plugins">Plugin folders were read.</param>
/// <param name="Pipeline">The pipeline was read and checked.</param>
/// <param name="Data">Data was loaded, partitions and model were made, the run folder
/// opened.</param>
/// <param name="FirstPush">Server and workers were made, version 0 was evaluated, the first push
/// was computed and arrived.</param>
public sealed record StartUpTimes(double Process, double Plugins, double Pipeline, double Data, double FirstPush)
{
    public double Total => Math.Round(Process + Plugins + Pipeline + Data + FirstPush, 1);
}

/// <summary>Staleness over every push that arrived; null where none did.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="P50">Median (nearest rank).</param>
/// <param name="P99">99th percentile (nearest rank).</param>
/// <param name="Max">Largest.</param>
public sealed record StalenessSummary(double? Mean, double? P50, double? P99, double? Max);

/// <summary><c>gap.rms</c> over every push that arrived; null where none did.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Max">Largest.</param>
public sealed record GapSummary(double? Mean, double? Max);

/// <summary>What became of the pushes.</summary>
/// <param name="Applied">Made or completed an update.</param>
/// <param name="Buffered">Were held for a later update.</param>
/// <param name="Dropped">Arrived and were discarded.</param>
/// <param name="Cancelled">Were ended before they arrived.</param>
public sealed record PushCounts(long Applied, long Buffered, long Dropped, long Cancelled);
