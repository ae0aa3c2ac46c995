using System.Text.Json;
using Orchestrator.Composition;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>The plan of a sweep that somebody has begun, as its folder has it.</summary>
public static class StoredPlan
{
    /// <summary>
    /// Plans it again from <c>sweep.json</c>. No data is read: the keys stand there.
    /// </summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="request">What it is planned with; memory is not its matter.</param>
    /// <exception cref="RunRefusedException">It cannot be planned, or this program makes other
    /// cells of it.</exception>
    public static SweepPlan Read(SweepFolder folder, PluginCatalog catalog, PipelineRequest request) => PlanOf(ReadDocument(folder), folder, catalog, request);

    /// <summary>The same, of a sweep whose runs are to be made.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <exception cref="RunRefusedException">As <see cref="Read"/>, or a file that it names holds
    /// something else than when it was begun.</exception>
    public static SweepPlan ReadToRun(SweepFolder folder, PluginCatalog catalog, PipelineRequest request)
    {
        var document = ReadDocument(folder);
        var plan = PlanOf(document, folder, catalog, request);
        return ResolvedPipeline.Changed(document.Files ?? new Dictionary<string, string>()) is { Count: > 0 } changed
            ? throw RunRefusedException.OfEdited(changed, $"{folder.FullPath} was begun; put it back, or run its pipeline again, which begins a sweep of what is there now.")
            : plan;
    }

    private static SweepPlan PlanOf(SweepDocument document, SweepFolder folder, PluginCatalog catalog, PipelineRequest request)
    {
        var asked = request with { MemoryLimit = long.MaxValue };
        var template = PipelineTemplate.Thaw(document.Pipeline.GetRawText(), SweepFolder.DocumentName, catalog, asked, out var mistakes);
        var planned = template?.Sweep is null ? new SweepPlanResult(null, mistakes) : new SweepPlanner(template, asked, [.. document.Cells.Select(cell => cell.Key)], folder.PublishedFile).Plan();
        var plan = planned.Plan ?? throw new RunRefusedException($"{folder.FullPath}: {Reason(planned.Mistakes)}");
        return SweepDocument.IdOf(plan) == document.Id
            ? plan
            : throw new RunRefusedException($"{folder.FullPath}: this program makes other cells of its sweep.json than the one that wrote it.");
    }

    // It was read when it was begun: what is not there now lies in a folder that nobody has named.
    private static string Reason(IReadOnlyList<Mistake> mistakes)
    {
        List<string> missing = [.. mistakes.Select(mistake => mistake.MissingPlugin).OfType<string>().Distinct()];
        return missing switch
        {
            [] => string.Join("; ", mistakes),
            [var only] => $"it cannot be read without the plugin {only}, which is in no plugin folder: give its folder with --plugins DIR, or in ORCHESTRATOR_PLUGINS.",
            _ => $"it cannot be read without the plugins {string.Join(", ", missing)}, which are in no plugin folder: give their folders with --plugins DIR, or in ORCHESTRATOR_PLUGINS.",
        };
    }

    private static SweepDocument ReadDocument(SweepFolder folder)
    {
        try
        {
            return folder.Read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunRefusedException($"{folder.FullPath}: its {SweepFolder.DocumentName} cannot be read: {failure.Message}");
        }
    }
}
