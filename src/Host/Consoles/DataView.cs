using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Host;

/// <summary>What is known of data before a sample is read.</summary>
internal static class DataView
{
    private const int MostShown = 10;

    /// <summary>In one line, whatever the names of classes hold.</summary>
    public static string Text(DatasetShape data) => Printable.Line(string.Create(
        CultureInfo.InvariantCulture,
        $"samples of [{string.Join(", ", data.Input)}], {data.TrainCount:N0} for training and {data.TestCount:N0} for testing, {Answer(data)}{(data.GroupNames.Count > 0 ? $", {Count(data.GroupNames.Count, "natural group")}" : "")}"));

    public static JsonObject Json(DatasetShape data) => new()
    {
        ["input"] = new JsonArray([.. data.Input.Select(size => (JsonNode)size)]),
        ["train"] = data.TrainCount,
        ["test"] = data.TestCount,
        ["classes"] = new JsonArray([.. data.ClassNames.Select(name => (JsonNode)name)]),
        ["values"] = data.Values,
        ["groups"] = data.GroupNames.Count,
    };

    private static string Answer(DatasetShape data) => data switch
    {
        { Classes: > 0 } => $"{Count(data.Classes, "class", "es")}: {string.Join(", ", data.ClassNames.Take(MostShown))}{(data.Classes > MostShown ? ", ..." : "")}",
        { Values: > 0 } => $"{Count(data.Values, "value")} to predict",
        _ => "nothing to predict",
    };

    private static string Count(int count, string noun, string plural = "s") => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : plural)}");
}
