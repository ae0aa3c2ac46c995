using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Composition;

/// <summary>
/// The JSON schema of pipelines, so that an editor completes and checks while one types.
/// </summary>
public static class PipelineSchema
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// A schema of draft 7, the one that editors know best, with one branch per plugin of the
    /// catalog. A document with <c>extends</c> may leave out whatever its base gives.
    /// </summary>
    public static string Write(PluginCatalog catalog)
    {
        var definitions = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var complete = new SchemaWriter(catalog, definitions, whole: null);
        var partial = new SchemaWriter(catalog, definitions, complete);
        var root = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Orchestrator pipeline",
            ["type"] = "object",
            ["allowTrailingCommas"] = true,
            ["if"] = new JsonObject { ["required"] = new JsonArray(DocumentType.ExtendsKey) },
            ["then"] = Document(partial),
            ["else"] = Document(complete),
        };
        root["definitions"] = new JsonObject(definitions);
        return root.ToJsonString(Layout) + "\n";
    }

    private static JsonObject Document(SchemaWriter writer)
    {
        var document = writer.Object(DocumentType.Root.Options);
        var properties = (JsonObject)document["properties"]!;
        properties["name"]!["pattern"] = "^[a-z0-9_-][a-z0-9._-]{0,63}$";
        properties.Insert(0, DocumentType.SchemaKey, Text("This schema, for the editor."));
        properties.Add(DocumentType.ExtendsKey, Text("Path of the pipeline that this one changes, relative to this file."));
        var telemetry = writer.Object(DocumentType.Telemetry.Options);
        telemetry.Insert(0, "description", "How the run is observed; changes no result.");
        properties.Add(DocumentType.TelemetryKey, telemetry);
        var sweep = writer.Object(DocumentType.Sweep.Options);
        sweep.Insert(0, "description", "The runs that this document stands for.");
        properties.Add(DocumentType.SweepKey, sweep);
        return document;
    }

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}
