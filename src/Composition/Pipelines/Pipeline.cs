using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>What loading a pipeline needs to know beyond its file.</summary>
/// <param name="Data">Where datasets look.</param>
public sealed record PipelineRequest(DataFolders Data)
{
    /// <summary>Values of <c>--set</c>, each <c>path=value</c>, applied in order.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Values of <c>--axis</c>, each <c>path=value,value,...</c>.</summary>
    public IReadOnlyList<string> Axes { get; init; } = [];

    /// <summary>Values of <c>--where</c>, each <c>axis=value,value,...</c>.</summary>
    public IReadOnlyList<string> Where { get; init; } = [];

    /// <summary>
    /// The value of <c>--seeds</c>: a number, a list or a range; null where it is not given.
    /// </summary>
    public string? Seeds { get; init; }

    /// <summary>Compute threads, for the memory estimate.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Memory that the run may take, in bytes, for the memory estimate; the machine's by default.
    /// </summary>
    public long MemoryLimit { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}

/// <summary>A pipeline, or everything that is wrong with it.</summary>
/// <param name="Pipeline">Null when there are mistakes.</param>
/// <param name="Mistakes">All of them.</param>
public sealed record PipelineResult(ResolvedPipeline? Pipeline, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>The memory that a run will take; null when mistakes prevent an estimate.</summary>
    public MemoryEstimate? Memory { get; init; }

    /// <summary>What is allowed, and yet may not be meant.</summary>
    public IReadOnlyList<Hint> Hints { get; init; } = [];

    /// <summary>The data's shape; null when mistakes prevent knowing it.</summary>
    public DatasetShape? Data { get; init; }
}

/// <summary>Loads pipelines.</summary>
public static class Pipeline
{
    /// <summary>
    /// Reads, merges, binds and checks a pipeline. Never throws for what a file, an argument or a
    /// plugin's options hold.
    /// </summary>
    public static PipelineResult Load(string path, PluginCatalog catalog, PipelineRequest request)
    {
        if (PipelineTemplate.Read(path, catalog, request, out var mistakes) is not { } template)
        {
            return new PipelineResult(null, mistakes);
        }

        if (template.Sweep is { } sweep)
        {
            var one = new Mistake(
                sweep.Origin.ToString(), DocumentType.SweepKey, "one experiment is wanted here, and this stands for several; --set sweep=null leaves the key out, and 'run FILE' runs them");
            return new PipelineResult(null, [.. mistakes, one]);
        }

        var result = template.Resolve([]);
        return mistakes.Count == 0 ? result : result with { Pipeline = null, Mistakes = [.. mistakes, .. result.Mistakes] };
    }
}
