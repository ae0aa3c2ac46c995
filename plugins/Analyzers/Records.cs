using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>Reading and wording that analyzers share.</summary>
internal static class Records
{
    // Often enough that a person who stops an analysis does not wait.
    private const int BetweenLooks = 4096;

    /// <summary>The pushes that arrived, with where they stand.</summary>
    public static IEnumerable<(PushRecord Push, RecordPlace Place)> Arrivals(IRunRecords run, CancellationToken stop) =>
        Computations(run, stop).Where(one => one.Push.Decision != PushDecision.Cancelled);

    /// <summary>
    /// The pushes that arrived and the computations that were cancelled, with where they stand.
    /// </summary>
    public static IEnumerable<(PushRecord Push, RecordPlace Place)> Computations(IRunRecords run, CancellationToken stop)
    {
        using var pushes = run.OpenPushes();
        for (var n = 0; pushes.TryRead(out var push); n++)
        {
            if (n % BetweenLooks == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            if (push.Worker >= 0 && push.Worker < run.Facts.Workers)
            {
                yield return (push, pushes.Place);
            }
        }
    }

    /// <summary>
    /// The name of the plugin in one of the pipeline's sections; empty where it is not known.
    /// </summary>
    public static string PluginOf(RunFacts facts, string section)
    {
        try
        {
            using var pipeline = JsonDocument.Parse(facts.Pipeline ?? "{}");
            return pipeline.RootElement.ValueKind == JsonValueKind.Object && pipeline.RootElement.TryGetProperty(section, out var value)
                ? value.ValueKind == JsonValueKind.String ? value.GetString()!
                : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : ""
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>The workers that the pipeline says are absent; none where it is not known.</summary>
    public static IReadOnlySet<int> AbsentOf(RunFacts facts) =>
        Of(facts, "workers", "absent", value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(one => one.TryGetInt32(out _)).Select(one => one.GetInt32()).ToHashSet() : null) ?? [];

    /// <summary>Whether workers pull before their push arrives.</summary>
    public static bool OverlapsPulls(RunFacts facts) => Of<object>(facts, "workers", "overlapPulls", value => value.ValueKind == JsonValueKind.True ? true : null) is not null;

    /// <summary>Whether each worker ends when it has made its passes.</summary>
    public static bool HasPasses(RunFacts facts) => Of<object>(facts, "stop", "passes", value => value.ValueKind == JsonValueKind.Number ? true : null) is not null;

    private static T? Of<T>(RunFacts facts, string section, string option, Func<JsonElement, T?> read) where T : class
    {
        try
        {
            using var pipeline = JsonDocument.Parse(facts.Pipeline ?? "{}");
            return pipeline.RootElement.ValueKind == JsonValueKind.Object && pipeline.RootElement.TryGetProperty(section, out var found)
                && found.ValueKind == JsonValueKind.Object && found.TryGetProperty(option, out var value)
                ? read(value) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same in every culture.</summary>
    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A number behind a finding.</summary>
    public static KeyValuePair<string, double> Detail(string name, double value) => new(name, value);
}
