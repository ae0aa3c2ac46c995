using System.Globalization;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>A run or a sweep among others, as its folder shows it now.</summary>
internal sealed record RunRow
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string State { get; init; }

    public bool IsSweep { get; init; }

    public DateTimeOffset Started { get; init; }

    public string Rule { get; init; } = "";

    public string Seed { get; init; } = "";

    public int? Workers { get; init; }

    public long? Updates { get; init; }

    public double? TestAccuracy { get; init; }

    public double? TestLoss { get; init; }

    public double? Staleness { get; init; }

    /// <param name="run">As read.</param>
    /// <param name="before">As it was before, whose pipeline is not read again.</param>
    public static RunRow Of(RunEntry run, RunRow? before)
    {
        var summary = run.Document?.Summary;
        var settings = before is { Seed.Length: > 0 } ? null : RunSettings.Read(run);
        var isOver = run.Status != RunStatus.Running && summary is not null;
        var (push, evaluation) = isOver ? (null, null) : (RunRows.LastUpdate(run.Folder), RunRows.LastEvaluation(run.Folder));
        return new RunRow
        {
            Name = run.Name,
            Id = string.Create(CultureInfo.InvariantCulture, $"{run.Id}-{run.Attempt}"),
            State = run.Status.ToString().ToLowerInvariant() + (summary?.NoConvergence == true && run.Status == RunStatus.Completed ? ", no convergence" : ""),
            Started = run.Started,
            Rule = settings is null ? before!.Rule : settings.GetValueOrDefault("optimizer.type") ?? "",
            Seed = settings is null ? before!.Seed : settings.GetValueOrDefault("seed") ?? "",
            Workers = run.Document?.Run.Workers,
            Updates = isOver ? summary!.Updates : push is { } last ? last.Version + (last.Decision == PushDecision.Applied ? 1 : 0) : null,
            TestAccuracy = isOver ? summary!.TestAccuracy : evaluation?.TestAccuracy,
            TestLoss = isOver ? summary!.TestLoss : evaluation?.TestLoss,
            Staleness = isOver ? summary!.Staleness.Mean : null,
        };
    }

    /// <summary>Of a sweep, with no more than its folder says without a plan.</summary>
    public static RunRow Of(SweepFolder sweep)
    {
        var document = Path.Combine(sweep.FullPath, SweepFolder.DocumentName);
        return new RunRow
        {
            Name = Path.GetFileName(Path.GetDirectoryName(sweep.FullPath)!),
            Id = Path.GetFileName(sweep.FullPath),
            State = "sweep",
            IsSweep = true,
            Started = new DateTimeOffset(File.GetLastWriteTimeUtc(document)),
        };
    }

    public void Write(Utf8JsonWriter json)
    {
        foreach (var text in new[] { Name, Id, State, Rule, Seed, Started.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) })
        {
            json.WriteStringValue(Printable.Line(text));
        }

        foreach (var number in new[] { Workers, Updates, TestAccuracy, TestLoss, Staleness })
        {
            if (number is { } value && double.IsFinite(value))
            {
                json.WriteNumberValue(double.IsInteger(value) ? value : PageJson.Round(value));
            }
            else
            {
                json.WriteNullValue();
            }
        }
    }
}
