using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;

namespace Orchestrator.Sweeps;

/// <summary>
/// What a run of a sweep will take, for whoever decides whether to begin it: by runs of its cell
/// that are complete, else by what was forecast when the sweep was submitted, corrected by how that
/// forecast fared.
/// </summary>
/// <param name="atSubmission">Seconds by the cell's key, as forecast then.</param>
/// <param name="plan">The sweep.</param>
/// <param name="results">What has been completed.</param>
public sealed class RunForecast(IReadOnlyDictionary<string, double> atSubmission, SweepPlan plan, ISweepResults results)
{
    private const string FileName = "forecast.json";
    private const int LargestFile = 256 << 20;

    private readonly Dictionary<string, (double Measured, double Forecast)> byCell = [];
    private readonly HashSet<string> counted = [];

    /// <summary>Writes into a sweep's folder what was forecast.</summary>
    public static void Write(SweepFolder folder, IReadOnlyDictionary<string, double> seconds) =>
        folder.Write(FileName, JsonSerializer.Serialize(new SortedDictionary<string, double>(seconds.ToDictionary(), StringComparer.Ordinal), ForecastJson.Default.SortedDictionaryStringDouble) + "\n");

    /// <summary>What was forecast, of a sweep's folder; nothing where that cannot be read.</summary>
    public static RunForecast Read(SweepFolder folder, SweepPlan plan, ISweepResults results)
    {
        var file = Path.Combine(folder.FullPath, FileName);
        try
        {
            return new RunForecast(JsonSerializer.Deserialize(RegularFile.ReadAllBytes(file, LargestFile), ForecastJson.Default.SortedDictionaryStringDouble) ?? [], plan, results);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return new RunForecast(new Dictionary<string, double>(), plan, results);
        }
    }

    /// <summary>Seconds of a run from its beginning to its end; null where nothing says
    /// it.</summary>
    public double? Seconds(PlannedRun run)
    {
        Count();
        if (byCell.TryGetValue(run.Cell.Key, out var own))
        {
            return own.Measured;
        }

        var pairs = byCell.Values.Where(pair => pair.Forecast > 0).ToList();
        var correction = pairs.Count == 0 ? 1 : pairs.Sum(pair => pair.Measured) / pairs.Sum(pair => pair.Forecast);
        return atSubmission.TryGetValue(run.Cell.Key, out var seconds) ? seconds * correction : null;
    }

    // The longest of each cell's runs.
    private void Count()
    {
        foreach (var wanted in new Agenda(plan).Look(results).Known)
        {
            if (!counted.Contains(wanted.Run.Key) && results.Completed(wanted.Run.Key) is { } run)
            {
                counted.Add(wanted.Run.Key);
                var before = byCell.GetValueOrDefault(wanted.Run.Cell.Key);
                byCell[wanted.Run.Cell.Key] = (Math.Max(before.Measured, run.WallSeconds), atSubmission.GetValueOrDefault(wanted.Run.Cell.Key));
            }
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(SortedDictionary<string, double>))]
internal sealed partial class ForecastJson : JsonSerializerContext;
