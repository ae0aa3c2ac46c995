using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Sweeps;

/// <summary>Findings as one JSON document; the same findings give the same bytes.</summary>
public static class AnalysisJson
{
    /// <summary>One line, with text as it is.</summary>
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line.</summary>
    /// <param name="runs">How many runs were analyzed.</param>
    /// <param name="report">What was found.</param>
    public static string Of(int runs, AnalysisReport report) => new JsonObject
    {
        ["runs"] = runs,
        ["findings"] = Of(report.Findings),
        ["problems"] = new JsonArray([.. report.Problems.Select(text => (JsonNode)text)]),
        ["failures"] = new JsonArray([.. report.Failures.Select(text => (JsonNode)text)]),
    }.ToJsonString(Compact);

    /// <summary>Findings, wherever they are in JSON.</summary>
    public static JsonArray Of(IEnumerable<AnalyzedFinding> findings) => new([.. findings.Select(found => (JsonNode)Of(found))]);

    private static JsonObject Of(AnalyzedFinding found)
    {
        var finding = found.Finding;
        return new()
        {
            ["analyzer"] = found.Analyzer,
            ["name"] = finding.Name,
            ["subject"] = finding.Subject,
            ["grade"] = finding.Grade.ToString().ToLowerInvariant(),
            ["number"] = Finite(finding.Number),
            ["unit"] = finding.Unit,
            ["sentence"] = finding.Sentence,
            ["place"] = new JsonObject { ["run"] = finding.Place.Run, ["file"] = finding.Place.File, ["line"] = finding.Place.Line },
            ["control"] = new JsonObject { ["sentence"] = finding.Control.Sentence, ["number"] = Finite(finding.Control.Number), ["holds"] = finding.Control.Holds },
            ["details"] = new JsonObject(finding.Details.DistinctBy(detail => detail.Key).Select(detail => KeyValuePair.Create(detail.Key, (JsonNode?)Finite(detail.Value)))),
        };
    }

    private static JsonValue? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
