using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>What loading a pipeline needs to know beyond its file.</summary>
/// <param name="Data">Where datasets look.</param>
public sealed record PipelineRequest(DataFolders Data)
{
    /// <summary>Values of <c>--set</c>, each <c>path=value</c>, applied in order.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Compute threads, for the memory estimate.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory that the run may take, in bytes, for the memory estimate; the machine's by default.</summary>
    public long MemoryLimit { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}

/// <summary>A pipeline, or everything that is wrong with it.</summary>
/// <param name="Pipeline">Null when there are mistakes.</param>
/// <param name="Mistakes">All of them.</param>
public sealed record PipelineResult(ResolvedPipeline? Pipeline, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>The memory that a run will take; null when mistakes prevent an estimate.</summary>
    public MemoryEstimate? Memory { get; init; }

    /// <summary>The data's shape; null when mistakes prevent knowing it.</summary>
    public DatasetShape? Data { get; init; }
}

/// <summary>Loads pipelines.</summary>
public static class Pipeline
{
    /// <summary>Reads, merges, binds and checks a pipeline. Never throws for what a file, an argument or a plugin's options hold.</summary>
    public static PipelineResult Load(string path, PluginCatalog catalog, PipelineRequest request)
    {
        var mistakes = new Mistakes();
        if (new DocumentSource(mistakes).Load(path, request.Sets) is not { } document)
        {
            return new PipelineResult(null, mistakes.ToList());
        }

        var telemetry = Preparation.Apply(document, path, mistakes);
        var binder = new ValueBinder(catalog, mistakes);
        var bound = binder.Document(document);
        var observed = telemetry is null ? null : binder.Telemetry(telemetry);
        if (observed?[DocumentType.EndpointKey] is TextNode endpoint && TelemetrySettings.Address(endpoint.Value) is null)
        {
            mistakes.Add(
                endpoint.Origin,
                PathText.Member(DocumentType.TelemetryKey, DocumentType.EndpointKey),
                $"{Mistakes.Quote(endpoint)} is no absolute http or https address; for example http://localhost:4317");
        }

        var instances = new Instances(catalog.Loader, document, mistakes);
        foreach (var section in binder.Sections)
        {
            instances.Create(section);
        }

        if (bound is null)
        {
            return new PipelineResult(null, mistakes.ToList());
        }

        // No stream named is as good as no key.
        if (bound[DocumentType.StreamsKey] is ObjectNode { Members.Count: 0 })
        {
            bound.Members.Remove(DocumentType.StreamsKey);
        }

        var resolved = Resolve(bound, observed, catalog);
        var context = new CheckContext(resolved, request, document, instances, mistakes);
        PipelineChecks.Run(context);
        return new PipelineResult(mistakes.Any ? null : resolved, mistakes.ToList()) { Memory = context.Memory, Data = context.Data };
    }

    private static ResolvedPipeline Resolve(ObjectNode bound, ObjectNode? telemetry, PluginCatalog catalog)
    {
        var canonical = JsonText.Canonical(bound);
        if (telemetry is not null)
        {
            bound[DocumentType.TelemetryKey] = telemetry;
        }

        var resolved = (ResolvedPipeline)new Materializer(catalog).Record(DocumentType.Root, bound, typeof(ResolvedPipeline));
        return resolved with
        {
            CanonicalJson = canonical,
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))[..12],
            Json = JsonText.Readable(bound),
            ScheduleOrigin = bound[DocumentType.ScheduleKey] is TextNode schedule ? schedule.Origin : null,
            Telemetry = telemetry is null ? null : (TelemetrySettings)new Materializer(catalog).Record(DocumentType.Telemetry, telemetry, typeof(TelemetrySettings)),
        };
    }
}
