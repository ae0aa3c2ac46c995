using System.Text.Json.Nodes;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// Another rule on a recorded run's schedule: the same pulls, in the same order, on the same
/// batches.
/// </summary>
internal static class Counterfactual
{
    private const string MayChange = "only optimizer (its type and options, learningRate, weightDecay, schedules, corrections) and workers.rule may change, workers may be absent (workers.absent), and transport, which changes no result";

    /// <summary>The recorded run's pipeline with changed values, on its schedule.</summary>
    /// <param name="run">The recorded run.</param>
    /// <param name="recorded">Its pipeline.</param>
    /// <param name="sets">Changed values.</param>
    /// <param name="load">Loads its pipeline with values set.</param>
    /// <param name="check">Finds out whether a schedule fits.</param>
    /// <exception cref="RunRefusedException">Something else would change, or the changed pipeline
    /// has mistakes.</exception>
    public static ResolvedPipeline Pipeline(
        RunEntry run, ResolvedPipeline recorded, IReadOnlyList<string> sets, Func<IReadOnlyList<string>, PipelineResult> load, Func<ResolvedPipeline, IReadOnlyList<Mistake>> check)
    {
        var id = run.Document!.Id;
        if (id != recorded.Id)
        {
            var changes = Provenance.PluginChanges(run.Document!.Run.Plugins, Provenance.PluginsOf(recorded)).Prepend($"the id was {id} and is {recorded.Id}");
            throw new RunRefusedException($"{run.Folder}: its pipeline.json is not the run's: {string.Join("; ", changes)}.");
        }

        if (Provenance.FileChange(run.Document, recorded, isReplayed: true) is { } file)
        {
            throw new RunRefusedException($"{run.Folder}: {file}; a counterfactual starts from what the recorded run had.");
        }

        var changed = load([.. OwnProcess(recorded, sets), .. sets, $"{nameof(ResolvedPipeline.Schedule).ToLowerInvariant()}={run.Folder}"]).OrThrow();
        var others = Differences("", Fixed(recorded), Fixed(changed)).ToList();
        return others.Count == 0
            ? new PipelineResult(changed, check(changed)).OrThrow()
            : throw new RunRefusedException($"{string.Join(", ", others)}: a counterfactual keeps what the recorded run had; {MayChange}. For another timeline, run the pipeline anew.");
    }

    /// <summary>
    /// Why the two runs' bits may differ for another reason than what was changed.
    /// </summary>
    public static IReadOnlyList<string> Warnings(RunEntry before, RunEntry now)
    {
        var (then, here) = (before.Document!.Run, now.Document!.Run);
        string?[] program =
        [
            then.ProgramVersion == here.ProgramVersion ? null : $"the program's version was {then.ProgramVersion} and is {here.ProgramVersion}",
            KernelPathChange.Of(then.KernelPath, here.KernelPath),
        ];
        return [.. program.OfType<string>().Concat(Provenance.ProgramChanges(then, here)).Concat(Provenance.PluginChanges(then.Plugins, here.Plugins))
            .Select(change => $"{change}: that alone may change bits")];
    }

    // Work that other processes carried is computed here, unless another transport is asked for.
    private static string[] OwnProcess(ResolvedPipeline recorded, IReadOnlyList<string> sets) =>
        recorded.Transport.Name == OwnTransport.Name || sets.Any(s => s.StartsWith("transport", StringComparison.Ordinal)) ? [] : [$"transport.type={OwnTransport.Name}"];

    private static JsonObject Fixed(ResolvedPipeline pipeline)
    {
        var document = (JsonObject)JsonNode.Parse(pipeline.CanonicalJson)!;
        foreach (var key in (string[])["optimizer", "transport", "schedule"])
        {
            document.Remove(key);
        }

        (document["workers"] as JsonObject)?.Remove("rule");
        (document["workers"] as JsonObject)?.Remove("absent");
        return document;
    }

    private static IEnumerable<string> Differences(string path, JsonNode? before, JsonNode? now)
    {
        if (JsonNode.DeepEquals(before, now))
        {
            return [];
        }

        return before is JsonObject a && now is JsonObject b
            ? a.Select(m => m.Key).Union(b.Select(m => m.Key)).SelectMany(key => Differences(path.Length == 0 ? key : $"{path}.{key}", a[key], b[key]))
            : [path];
    }
}
